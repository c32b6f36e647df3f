//! Rows of either engine as values whose field names are the column names.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Column, Row, TypeInfo, ValueRef};

use crate::{Result, StoreError};

macro_rules! reader {
    ($name:ident, $row:ty) => {
        pub(crate) fn $name<T: DeserializeOwned>(rows: Vec<$row>) -> Result<Vec<T>> {
            rows.into_iter()
                .map(|row| {
                    let mut fields = Map::new();
                    for (index, column) in row.columns().iter().enumerate() {
                        let raw = row.try_get_raw(index)?;
                        let declared = column.type_info().name().to_ascii_uppercase();
                        let held = raw.type_info().name().to_ascii_uppercase();
                        let value = if raw.is_null() {
                            Json::Null
                        } else if declared.starts_with("BOOL") {
                            Json::Bool(row.try_get(index)?)
                        } else {
                            match held.as_str() {
                                "TEXT" | "VARCHAR" | "NAME" => Json::String(row.try_get(index)?),
                                "INTEGER" | "BIGINT" | "INT8" => Json::from(row.try_get::<i64, _>(index)?),
                                "INT4" => Json::from(row.try_get::<i32, _>(index)?),
                                "BLOB" | "BYTEA" => Json::from(row.try_get::<Vec<u8>, _>(index)?),
                                other => {
                                    return Err(StoreError::Corrupt { table: String::new(), problem: format!("column {} is of type {other}", column.name()) });
                                }
                            }
                        };
                        fields.insert(column.name().to_owned(), value);
                    }
                    let named = fields.values().next().map(ToString::to_string).unwrap_or_default();
                    serde_json::from_value(Json::Object(fields))
                        .map_err(|error| StoreError::Corrupt { table: format!("row {named}"), problem: error.to_string() })
                })
                .collect()
        }
    };
}

reader!(sqlite, SqliteRow);
reader!(postgres, PgRow);
