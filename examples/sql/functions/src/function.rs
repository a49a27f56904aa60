//! Scalar functions: one implementation of the trait for all of them.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::OnceLock;

use datafusion::arrow::array::ArrayRef;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::config::ConfigOptions;
use datafusion::common::{Result, ScalarValue, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, DocSection, Documentation, ScalarFunctionArgs, ScalarUDFImpl, Signature,
    TypeSignature, Volatility,
};

use crate::arguments::Arguments;
use crate::dictionary::DistinctValues;
use crate::error::FunctionError;
use crate::options::ImageSyncOptions;
use crate::parameter::{Parameter, check_arguments};
use crate::signers::Signers;

/// Computes the column of results.
pub(crate) type Kernel = fn(&Signers, &Arguments<'_>) -> Result<ArrayRef, FunctionError>;

/// The description of a function.
#[derive(Debug)]
pub(crate) struct Definition {
    pub(crate) name: &'static str,
    pub(crate) parameters: Parameters,
    pub(crate) returns: fn() -> DataType,
    pub(crate) keys: UsedKeys,
    pub(crate) description: &'static str,
    pub(crate) example: &'static str,
    pub(crate) kernel: Kernel,
}

/// The parameters of a function.
#[derive(Debug)]
pub(crate) struct Parameters {
    pub(crate) required: &'static [Parameter],
    pub(crate) optional: &'static [Parameter],
    /// The required parameters after the optional ones.
    pub(crate) last: &'static [Parameter],
}

/// The effect of the keys on the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UsedKeys {
    /// The result depends on the keys: their fingerprint is checked.
    Checked,
    /// The result describes the keys of the process.
    Described,
    /// The result does not depend on the keys.
    None,
}

impl Parameters {
    fn min(&self) -> usize {
        self.required.len() + self.last.len()
    }

    fn max(&self) -> usize {
        self.min() + self.optional.len()
    }

    /// The parameters of a call with a number of arguments.
    fn of_call(&self, arguments: usize) -> Vec<&Parameter> {
        let optional = arguments.saturating_sub(self.min());
        self.required
            .iter()
            .chain(self.optional.iter().take(optional))
            .chain(self.last)
            .collect()
    }

    fn signature(&self, volatility: Volatility) -> Signature {
        // The first type decides. The others are examples, which `SHOW FUNCTIONS` needs.
        let first = match self.max() {
            0 => TypeSignature::Nullary,
            _ => TypeSignature::UserDefined,
        };
        let examples = (self.min()..=self.max()).map(|arguments| {
            let parameters = self.of_call(arguments);
            let types = parameters.iter().map(|parameter| parameter.kind.example());
            TypeSignature::Exact(types.collect())
        });
        let types = std::iter::once(first).chain(examples).collect();
        let mut signature = Signature::one_of(types, volatility);
        // Named arguments cannot leave out a parameter in the middle.
        if self.last.is_empty() && self.max() > 0 {
            let names = self.of_call(self.max());
            let names = names.iter().map(|parameter| parameter.name.to_owned());
            signature.parameter_names = Some(names.collect());
        }
        signature
    }

    fn syntax(&self, function: &str) -> String {
        let names = |parameters: &[Parameter]| -> Vec<&str> {
            parameters.iter().map(|parameter| parameter.name).collect()
        };
        let mut syntax = names(self.required).join(", ");
        for name in names(self.optional) {
            syntax.push_str(" [, ");
            syntax.push_str(name);
        }
        syntax.push_str(&"]".repeat(self.optional.len()));
        for name in names(self.last) {
            syntax.push_str(", ");
            syntax.push_str(name);
        }
        format!("{function}({syntax})")
    }
}

impl Definition {
    pub(crate) fn documentation(&self) -> Documentation {
        let section = DocSection {
            include: true,
            label: "Cloudinary Functions",
            description: None,
        };
        let syntax = self.parameters.syntax(self.name);
        let documentation = Documentation::builder(section, self.description, syntax)
            .with_sql_example(format!("```sql\n{}\n```", self.example));
        self.parameters
            .of_call(self.parameters.max())
            .iter()
            .fold(documentation, |documentation, parameter| {
                documentation.with_argument(parameter.name, parameter.description)
            })
            .build()
    }
}

/// A function with the keys of this process.
#[derive(Clone)]
pub(crate) struct Function {
    definition: &'static Definition,
    signers: Signers,
    signature: Signature,
    documentation: OnceLock<Documentation>,
}

impl Function {
    pub(crate) fn new(definition: &'static Definition, signers: Signers) -> Self {
        let volatility = match definition.keys {
            // Not computed by the client: the executors answer.
            UsedKeys::Described => Volatility::Volatile,
            UsedKeys::Checked | UsedKeys::None => Volatility::Stable,
        };
        Self {
            definition,
            signers,
            signature: definition.parameters.signature(volatility),
            documentation: OnceLock::new(),
        }
    }

    fn check_fingerprint(&self, options: &ConfigOptions) -> Result<(), FunctionError> {
        let options = options.extensions.get::<ImageSyncOptions>();
        let required = options.and_then(|options| options.key_fingerprint.as_deref());
        match (required, self.signers.fingerprint()) {
            (Some(required), Some(actual))
                if required != actual && self.definition.keys == UsedKeys::Checked =>
            {
                Err(FunctionError::OtherKeys {
                    actual: actual.to_owned(),
                    required: required.to_owned(),
                })
            }
            _ => Ok(()),
        }
    }

    fn call(&self, args: &ScalarFunctionArgs) -> Result<ColumnarValue, FunctionError> {
        self.check_fingerprint(&args.config_options)?;
        let kernel = self.definition.kernel;
        let is_scalar = |value: &ColumnarValue| matches!(value, ColumnarValue::Scalar(_));
        if args.args.iter().all(is_scalar) {
            let result = kernel(&self.signers, &Arguments::new(&args.args, 1))?;
            let result = ScalarValue::try_from_array(&result, 0)?;
            return Ok(ColumnarValue::Scalar(result));
        }
        let result = match DistinctValues::of_only_column(&args.args)? {
            Some(distinct) => {
                let arguments = Arguments::new(distinct.arguments(), distinct.len());
                let results = kernel(&self.signers, &arguments)
                    .map_err(|error| error.map_row(|index| distinct.first_row(index)))?;
                distinct.expand(&results)?
            }
            None => kernel(&self.signers, &Arguments::new(&args.args, args.number_rows))?,
        };
        Ok(ColumnarValue::Array(result))
    }
}

impl ScalarUDFImpl for Function {
    fn name(&self) -> &str {
        self.definition.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, arg_types: &[DataType]) -> Result<Vec<DataType>> {
        let parameters = self.definition.parameters.of_call(arg_types.len());
        // `return_type` rejects a wrong number of arguments.
        if parameters.len() != arg_types.len() {
            return Ok(arg_types.to_vec());
        }
        let coerced = parameters.iter().zip(arg_types);
        Ok(coerced
            .map(|(parameter, given)| parameter.kind.coerce(given))
            .collect())
    }

    fn return_type(&self, arg_types: &[DataType]) -> Result<DataType> {
        let Definition {
            name, parameters, ..
        } = self.definition;
        let (min, max, given) = (parameters.min(), parameters.max(), arg_types.len());
        if !(min..=max).contains(&given) {
            return plan_err!("{name}: expected {min} to {max} arguments, not {given}");
        }
        check_arguments(name, &parameters.of_call(given), arg_types)?;
        Ok((self.definition.returns)())
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        self.call(&args)
            .map_err(|error| error.of(self.definition.name))
    }

    fn documentation(&self) -> Option<&Documentation> {
        let documentation = self
            .documentation
            .get_or_init(|| self.definition.documentation());
        Some(documentation)
    }
}

/// Shows no key: plans are logged with `Debug`.
impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Function")
            .field(&self.definition.name)
            .finish()
    }
}

/// Functions are equal if they return equal results.
impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.definition.name == other.definition.name
            && self.signers.fingerprint() == other.signers.fingerprint()
    }
}

impl Eq for Function {}

impl Hash for Function {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.definition.name.hash(state);
        self.signers.fingerprint().hash(state);
    }
}
