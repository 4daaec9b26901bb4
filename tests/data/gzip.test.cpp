#if __has_include(<zlib.h>)
#include "ae/data/gzip.hpp"

#include "ae/core/file.hpp"
#include "ae/data/table.hpp"
#include "support/expect.hpp"
#include "support/files.hpp"

using ae::FileError;

namespace {

std::string compressed(const std::string& text) {
  const TemporaryFolder folder;
  const auto path = folder / "x.gz";
  const gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  return ae::read_file(path);
}

std::string lines(int count) {
  std::string text = "x,c\n";
  for (int i = 0; i < count; ++i) text += ae::detail::text(i * 7919 % 10007, ",a\n");
  return text;
}

}  // namespace

TEST_CASE("tables that gzip has compressed are read, and others as they are") {
  const TemporaryFolder folder;
  put(folder / "plain.csv", lines(50'000));
  put(folder / "one.csv.gz", compressed(lines(50'000)));
  put(folder / "two.csv.gz", compressed("x,c\n") + compressed(lines(50'000).substr(4)));
  const auto plain = ae::Table::read(folder / "plain.csv");
  for (const char* name : {"plain.csv", "one.csv.gz", "two.csv.gz"}) {
    CHECK(ae::Table::read(ae::gzip::file(folder / name)).values == plain.values);
  }
}

TEST_CASE("compressed bytes that are damaged or cut off are refused") {
  const TemporaryFolder folder;
  const std::string good = compressed(lines(50'000));
  const auto error = [&](const std::string& bytes) {
    put(folder / "bad.gz", bytes);
    return message_of<FileError>([&] { ae::Table::read(ae::gzip::file(folder / "bad.gz")); });
  };
  CHECK(says(error(good.substr(0, good.size() / 2)), "bad.gz", "gzip", "too few"));
  CHECK(says(error(good.substr(0, good.size() - 4)), "bad.gz", "gzip"));
  std::string other = good;
  other[other.size() - 6] = static_cast<char>(~other[other.size() - 6]);  // of the checksum
  CHECK(says(error(other), "damaged"));
  CHECK(says(message_of<FileError>([&] { ae::gzip::file(folder / "none.gz").open(); }),
             "no such file"));
  CHECK(says(message_of<FileError>([&] { ae::gzip::file(folder.path()).open(); }),
             "expected a file, found a folder"));
}
#endif
