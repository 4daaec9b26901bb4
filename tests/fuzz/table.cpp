#include "ae/data/table.hpp"

#include "ae/detail/io/schema_json.hpp"

// The first byte picks the options; a zero byte ends the text that a schema is learnt from, and the
// rest is read by it, as a table and line by line. The schema must come back from its JSON.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const unsigned pick = data[0];
  ae::SchemaOptions options{
      .header = static_cast<ae::csv::Header>(pick % 3),
      .format = {.decimal = pick / 3 % 2 == 0 ? '.' : ',', .missing_marks = {"-1", "none"}},
      .most_categories = 3};
  if (pick / 6 % 5 > 0) options.format.separator = ",;\t|"[pick / 6 % 5 - 1];
  if (pick / 30 % 2 == 1) options.format.comment = '#';
  if (pick / 60 % 2 == 1) options.label = "y";
  const std::string_view all(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t end = std::min(all.find('\0'), all.size());
  const std::string first(all.substr(0, end)), second(all.substr(std::min(end + 1, all.size())));
  try {
    const ae::TextFile file = ae::TextFile::of(first);
    const ae::Schema schema = ae::Schema::learn(file, options);
    if (ae::detail::parse_schema(ae::detail::json_text(schema), "schema") != schema) std::abort();
    const ae::Table learnt = ae::Table::read(file, schema);
    if (learnt.values.rows() != schema.features()) std::abort();
    const std::size_t line_end = std::min(second.find('\n'), second.size());
    ae::TableLines lines(schema, std::string_view(second).substr(0, line_end));
    ae::Vector<double> x(schema.features());
    for (std::size_t at = line_end + 1; at < second.size(); at = second.find('\n', at) + 1) {
      lines.read(std::string_view(second).substr(at, second.find('\n', at) - at), x);
      if (second.find('\n', at) == second.npos) break;
    }
    ae::Table::read(ae::TextFile::of(second), schema, {.ignore_unknown = pick >= 128});
  } catch (const ae::Error&) {
  }
  return 0;
}
