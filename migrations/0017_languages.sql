-- In which language a person reads the pages; none follows the browser.
alter table users add column language text;
