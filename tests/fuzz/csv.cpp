#include "ae/data/csv.hpp"

// The first byte picks the options, the others are the text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ae::csv::Options options{.separator = ",;\t|"[data[0] % 4],
                                 .header = static_cast<ae::csv::Header>(data[0] / 4 % 3),
                                 .decimal = data[0] / 12 % 2 == 0 ? '.' : ','};
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    ae::csv::parse<float>(text, options);
    ae::csv::parse<double>(text, options);
  } catch (const ae::Error&) {
  }
  return 0;
}
