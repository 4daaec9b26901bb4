#include "ae/data/text_file.hpp"

#include "ae/data/csv.hpp"
#include "support/expect.hpp"
#include "support/files.hpp"

using ae::TextFile;

namespace {

/// All of it, so many bytes at a time.
std::string all_of(const TextFile& file, std::size_t piece) {
  const ae::ReadBytes read = file.open();
  std::string all, buffer(piece, '\0');
  while (const std::size_t count = read(buffer)) all += buffer.substr(0, count);
  return all;
}

}  // namespace

TEST_CASE("a text is read a piece at a time, as often as it is opened") {
  const TemporaryFolder folder;
  put(folder / "file.txt", "some text");
  for (const TextFile& file : {TextFile(folder / "file.txt"), TextFile::of("some text", "file.txt"),
                               TextFile((folder / "file.txt").string())}) {
    CHECK(file.name().ends_with("file.txt"));
    for (const std::size_t piece : {1, 4, 9, 100}) CHECK(all_of(file, piece) == "some text");
  }
  CHECK(all_of(TextFile::of(""), 4).empty());
}

TEST_CASE("what is no file is refused when it is opened") {
  const TemporaryFolder folder;
  const TextFile none(folder / "none");
  CHECK(says(message_of<ae::FileError>([&] { none.open(); }), "none: no such file"));
  CHECK(says(message_of<ae::FileError>([&] { TextFile(folder.path()).open(); }),
             "expected a file, found a folder"));
}

TEST_CASE("bytes may come from anywhere, one by one") {
  int opened = 0;
  const TextFile file("pipe", [&opened]() -> ae::ReadBytes {
    ++opened;
    return [text = std::string("a,b\n1,\"2\"\n"), at = std::size_t{0}](std::span<char> to) mutable {
      if (at == text.size()) return std::size_t{0};
      to[0] = text[at++];
      return std::size_t{1};
    };
  });
  CHECK(ae::csv::read(file).values == ae::Matrix<float>{{1}, {2}});
  CHECK(opened == 1);
}
