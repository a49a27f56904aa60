//! `image_payloads`: the payload of a group.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::mem::size_of_val;
use std::sync::{Arc, OnceLock};

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, ScalarValue, not_impl_err, plan_err};
use datafusion::functions_aggregate::array_agg::ArrayAgg;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{
    Accumulator, AggregateUDFImpl, DocSection, Documentation, Signature, TypeSignature, Volatility,
};

use super::sign_images;
use crate::error::FunctionError;
use crate::parameter::{Kind, Parameter, check_arguments};
use crate::signers::Signers;

const NAME: &str = "image_payloads";

const IMAGE: Parameter = Parameter {
    name: "image",
    kind: Kind::Image,
    description: "The struct that `image_payload` describes. A NULL is left out.",
};

/// The aggregate function `image_payloads`.
///
/// The images are signed before the partial aggregation, so on all partitions and
/// executors. `array_agg` collects and orders them.
#[derive(Clone)]
pub(crate) struct ImagePayloads {
    signers: Signers,
    signature: Signature,
    documentation: OnceLock<Documentation>,
}

impl ImagePayloads {
    pub(crate) fn new(signers: Signers) -> Self {
        let example = TypeSignature::Exact(vec![IMAGE.kind.example()]);
        // The first type decides. The other is an example, which `SHOW FUNCTIONS` needs.
        let types = vec![TypeSignature::UserDefined, example];
        Self {
            signers,
            signature: Signature::one_of(types, Volatility::Stable),
            documentation: OnceLock::new(),
        }
    }
}

/// The type of a payload, and of each image while they are collected. Payloads of many
/// images are larger than the 2 GiB that `Utf8` is limited to.
const PAYLOAD: DataType = DataType::LargeUtf8;

/// The field of a signed image.
fn payload_field() -> FieldRef {
    Field::new("payload", PAYLOAD, true).into()
}

impl AggregateUDFImpl for ImagePayloads {
    fn name(&self) -> &str {
        NAME
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, arg_types: &[DataType]) -> Result<Vec<DataType>> {
        let coerced = arg_types.iter().map(|given| IMAGE.kind.coerce(given));
        Ok(coerced.collect())
    }

    fn return_type(&self, arg_types: &[DataType]) -> Result<DataType> {
        if arg_types.len() != 1 {
            return plan_err!("{NAME}: expected 1 argument, not {}", arg_types.len());
        }
        check_arguments(NAME, &[&IMAGE], arg_types)?;
        Ok(PAYLOAD)
    }

    fn is_nullable(&self) -> bool {
        false
    }

    fn default_value(&self, _: &DataType) -> Result<ScalarValue> {
        Ok(payload_of(&[]))
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let StateFieldsArgs {
            name,
            input_fields: _,
            return_field,
            ordering_fields,
            is_distinct,
        } = args;
        ArrayAgg::default().state_fields(StateFieldsArgs {
            name,
            input_fields: &[payload_field()],
            return_field,
            ordering_fields,
            is_distinct,
        })
    }

    fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        let AccumulatorArgs {
            return_field: _,
            schema,
            ignore_nulls: _,
            order_bys,
            is_reversed,
            name,
            is_distinct,
            exprs,
            expr_fields: _,
        } = args;
        if is_distinct {
            return not_impl_err!(
                "{NAME}: DISTINCT is supported only without ORDER BY, FILTER and other aggregates; use a subquery with SELECT DISTINCT"
            );
        }
        let list = DataType::new_list(PAYLOAD, true);
        let images = ArrayAgg::default().accumulator(AccumulatorArgs {
            return_field: Field::new("payloads", list, true).into(),
            schema,
            ignore_nulls: true,
            order_bys,
            is_reversed,
            name,
            is_distinct,
            exprs,
            expr_fields: &[payload_field()],
        })?;
        Ok(Box::new(PayloadAccumulator {
            images,
            signers: self.signers.clone(),
        }))
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::SoftRequirement
    }

    /// A cluster sends only the name of the function, so an instance cannot know that its
    /// input is ordered. `array_agg` orders the images in any case.
    fn with_beneficial_ordering(
        self: Arc<Self>,
        _: bool,
    ) -> Result<Option<Arc<dyn AggregateUDFImpl>>> {
        Ok(Some(self))
    }

    fn documentation(&self) -> Option<&Documentation> {
        Some(self.documentation.get_or_init(documentation))
    }
}

fn documentation() -> Documentation {
    let section = DocSection {
        include: true,
        label: "Cloudinary Functions",
        description: None,
    };
    let description = "Signs the images of a group, and returns their payload, a JSON list. \
        Without ORDER BY, the order is arbitrary.";
    let example = "```sql\nSELECT album_id, image_payloads(named_struct('id', id, \
        'created_at', created_at, 'asset_public_id', public_id) ORDER BY created_at)\n\
        FROM images GROUP BY album_id\n```";
    Documentation::builder(section, description, "image_payloads(image [ORDER BY …])")
        .with_sql_example(example)
        .with_argument(IMAGE.name, IMAGE.description)
        .build()
}

/// Shows no key: plans are logged with `Debug`.
impl fmt::Debug for ImagePayloads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ImagePayloads")
    }
}

/// Functions are equal if they return equal results.
impl PartialEq for ImagePayloads {
    fn eq(&self, other: &Self) -> bool {
        self.signers.fingerprint() == other.signers.fingerprint()
    }
}

impl Eq for ImagePayloads {}

impl Hash for ImagePayloads {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.signers.fingerprint().hash(state);
    }
}

/// Signs images and collects them.
struct PayloadAccumulator {
    images: Box<dyn Accumulator>,
    signers: Signers,
}

impl PayloadAccumulator {
    fn sign(&self, images: &ArrayRef) -> Result<ArrayRef, FunctionError> {
        let signer = self.signers.images()?;
        sign_images::<i64>(signer, images.as_struct())
    }
}

impl Accumulator for PayloadAccumulator {
    /// The first column is the images. The others are the values of ORDER BY.
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let Some((images, order)) = values.split_first() else {
            return Ok(());
        };
        let signed = self.sign(images);
        let signed = signed.map_err(|error| error.without_row().of(NAME))?;
        let mut values = vec![signed];
        values.extend_from_slice(order);
        self.images.update_batch(&values)
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.images.merge_batch(states)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.images.state()
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let ScalarValue::List(list) = self.images.evaluate()? else {
            return Ok(payload_of(&[]));
        };
        if list.is_null(0) {
            return Ok(payload_of(&[]));
        }
        let images = list.value(0);
        let images: Vec<_> = images.as_string::<i64>().iter().flatten().collect();
        Ok(payload_of(&images))
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.images.size()
    }
}

fn payload_of(images: &[&str]) -> ScalarValue {
    ScalarValue::LargeUtf8(Some(format!("[{}]", images.join(","))))
}

/// Omits the images, because their URLs grant access.
impl fmt::Debug for PayloadAccumulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PayloadAccumulator").finish_non_exhaustive()
    }
}
