-- What a person said that a deduction claims, where nobody could read it from code or words.
alter table deductions add column category_said text;
alter table deductions add column category_said_by text;
