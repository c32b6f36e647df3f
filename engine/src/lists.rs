//! Lists as the contract writes them: values separated by `|`.

/// Serde form of such a list; an absent cell is an empty list.
pub mod bar_list {
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(values: &[String], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&values.join("|"))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?.unwrap_or_default();
        Ok(text.split('|').map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect())
    }
}
