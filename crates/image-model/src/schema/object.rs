use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

/// The keys that decoding also accepts as `null`, although they are not optional.
const NULL_AS_EMPTY: [&str; 4] = ["infos", "exifs", "metadatas", "tag_names"];

/// The key that may be missing although it is not optional.
const MISSING_AS_EMPTY: &str = "tag_names";

/// The URLs that never have the prefix of the host.
const ABSOLUTE_URLS: [&str; 4] = [
    "original_url",
    "external_urls.mini",
    "external_urls.large",
    "external_urls.full",
];

/// The schema of an object with a fixed set of keys.
pub(crate) struct ObjectSchema {
    title: &'static str,
    description: String,
    properties: Map<String, Value>,
    required: Vec<Value>,
    nullable: bool,
}

impl ObjectSchema {
    /// Creates a schema without keys. The description is the first paragraph of `doc`.
    pub(crate) fn new(title: &'static str, doc: &str) -> Self {
        Self {
            title,
            description: description(doc),
            properties: Map::new(),
            required: Vec::new(),
            nullable: false,
        }
    }

    /// Adds a key of an image.
    pub(crate) fn value<T: JsonSchema>(
        &mut self,
        generator: &mut SchemaGenerator,
        key: &str,
        doc: &str,
    ) {
        let schema = generator.subschema_for::<T>();
        let mut optional = accepts_null(&schema) || key == MISSING_AS_EMPTY;
        let schema = if generator.contract().is_serialize() {
            optional = false;
            schema
        } else if NULL_AS_EMPTY.contains(&key) {
            or_null(&schema)
        } else {
            schema
        };
        self.add(key, schema, doc, optional);
    }

    /// Adds a value of the type `T`, a URL of the type `U` or a group of such URLs,
    /// with the given path in the image.
    pub(crate) fn url<T: JsonSchema, U: JsonSchema>(
        &mut self,
        generator: &mut SchemaGenerator,
        path: &str,
        doc: &str,
    ) {
        let key = path.rsplit('.').next().unwrap_or(path);
        let mut schema = generator.subschema_for::<T>();
        // Decoding accepts images without URLs of such a type.
        let optional =
            generator.contract().is_deserialize() && accepts_null(&generator.subschema_for::<U>());
        self.nullable |= optional && key != path;
        let is_string = schema.get("type").is_some_and(|kind| kind == "string");
        if is_string && schema.get("format").is_none() {
            let absolute = ABSOLUTE_URLS.contains(&path);
            let format = if absolute { "uri" } else { "uri-reference" };
            schema.insert("format".to_owned(), format.into());
        }
        self.add(key, schema, doc, optional);
    }

    /// Returns the schema.
    pub(crate) fn finish(self) -> Schema {
        let types = if self.nullable {
            json!(["object", "null"])
        } else {
            json!("object")
        };
        json_schema!({
            "title": self.title,
            "description": self.description,
            "type": types,
            "properties": self.properties,
            "required": self.required,
        })
    }

    fn add(&mut self, key: &str, mut schema: Schema, doc: &str, optional: bool) {
        let is_u32 = schema
            .get("format")
            .is_some_and(|format| format == "uint32");
        if is_u32 {
            schema.insert("maximum".to_owned(), u32::MAX.into());
        }
        schema.insert("description".to_owned(), description(doc).into());
        self.properties.insert(key.to_owned(), schema.to_value());
        if !optional {
            self.required.push(key.into());
        }
    }
}

/// Returns the first paragraph of a doc comment, with the JSON name of `None`.
fn description(doc: &str) -> String {
    let lines = doc.lines().map(str::trim);
    let paragraph: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
    paragraph.join(" ").replace("`None`", "`null`")
}

/// Returns whether `null` is valid, for the schemas that occur here.
fn accepts_null(schema: &Schema) -> bool {
    let Some(keywords) = schema.as_object() else {
        return schema.as_bool() == Some(true);
    };
    let is_null = |kind: &Value| kind == "null";
    match (keywords.get("type"), keywords.get("anyOf")) {
        (Some(Value::Array(types)), _) => types.iter().any(is_null),
        (_, Some(Value::Array(schemas))) => {
            let mut types = schemas.iter().filter_map(|schema| schema.get("type"));
            types.any(is_null)
        }
        _ => false,
    }
}

/// Returns a schema that also accepts `null`.
pub(super) fn or_null(schema: &Schema) -> Schema {
    json_schema!({ "anyOf": [schema, { "type": "null" }] })
}
