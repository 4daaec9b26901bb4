#include "ae/core/file.hpp"

#include <thread>
#include <vector>

#include "support/expect.hpp"
#include "support/files.hpp"

#ifndef _WIN32
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#endif

using ae::FileError;

namespace {

std::string error_reading(const std::filesystem::path& path) {
  return message_of<FileError>([&] { ae::read_file(path); });
}

std::string error_writing(const std::filesystem::path& path, const std::string& bytes = "new") {
  return message_of<FileError>([&] { ae::write_file(bytes, path); });
}

}  // namespace

TEST_CASE("what was written is read again, byte by byte") {
  const TemporaryFolder folder;
  std::string bytes = "text\r\n";
  for (int i = 0; i < 100'000; ++i) bytes += static_cast<char>(i);
  for (const std::string& content : {std::string(), bytes}) {
    ae::write_file(content, folder / "file");
    CHECK(ae::read_file(folder / "file") == content);
  }
}

TEST_CASE("a file is overwritten, whether it was longer or shorter") {
  const TemporaryFolder folder;
  for (const char* content : {"long content", "short", "the longest content"}) {
    ae::write_file(content, folder / "file");
    CHECK(ae::read_file(folder / "file") == content);
  }
}

TEST_CASE("nothing is left beside a written file") {
  const TemporaryFolder folder;
  ae::write_file("content", folder / "file");
  ae::write_file("content", folder / "file");
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("a write to a missing folder is refused with path and cause") {
  const TemporaryFolder folder;
  const auto path = folder / "missing" / "file";
  CHECK(says(error_writing(path), path.string(), "cannot be written", "No such file or directory"));
}

TEST_CASE("a folder is not overwritten") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "target");
  CHECK(says(error_writing(folder / "target"), (folder / "target").string(), "directory"));
  CHECK(std::filesystem::is_directory(folder / "target"));
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("what another writer has begun is left alone") {
  const TemporaryFolder folder;
  put(folder / "file.part", "another's");
  ae::write_file("content", folder / "file");
  CHECK(ae::read_file(folder / "file") == "content");
  CHECK(ae::read_file(folder / "file.part") == "another's");
  CHECK(entries(folder.path()) == 2);
}

TEST_CASE("too many unfinished files are refused with what to do") {
  const TemporaryFolder folder;
  put(folder / "file.part", "");
  for (int i = 1; i < ae::detail::most_beside; ++i)
    put(folder / ae::detail::text("file.", i, ".part"), "");
  CHECK(says(error_writing(folder / "file"), "file: cannot be written", "1000 unfinished files",
             "end in .part", "remove them"));
  CHECK(entries(folder.path()) == ae::detail::most_beside);
}

TEST_CASE("of several writers at once each writes a whole file") {
  const TemporaryFolder folder;
  std::vector<std::thread> writers;
  for (const char letter : {'a', 'b', 'c', 'd'}) {
    writers.emplace_back([&folder, bytes = std::string(100'000, letter)] {
      for (int i = 0; i < 20; ++i) ae::write_file(bytes, folder / "file");
    });
  }
  for (std::thread& writer : writers) writer.join();
  const std::string bytes = ae::read_file(folder / "file");
  CHECK(bytes == std::string(100'000, bytes.at(0)));
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("a missing file is refused by its path") {
  const TemporaryFolder folder;
  CHECK(says(error_reading(folder / "file"), (folder / "file").string(), "no such file"));
}

TEST_CASE("a folder is not read as a file") {
  const TemporaryFolder folder;
  CHECK(says(error_reading(folder.path()), folder.path().string(), "expected a file",
             "found a folder"));
}

TEST_CASE("a path below a file is refused by its path") {
  const TemporaryFolder folder;
  put(folder / "file", "content");
  const auto path = folder / "file" / "inside";
  CHECK(says(error_reading(path), path.string()));
#ifdef _WIN32
  CHECK(says(error_writing(path), path.string(), "No such file or directory"));
#else
  CHECK(says(error_writing(path), path.string(), "Not a directory"));
#endif
}

TEST_CASE("a name may have letters of any language") {
  const TemporaryFolder folder;
  const auto path = folder.path() / u8"\u5f62 \u00e4.bin";
  ae::write_file("old", path);
  ae::write_file("new", path);
  CHECK(ae::read_file(path) == "new");
  CHECK(entries(folder.path()) == 1);
  const auto missing = folder.path() / u8"\u5f62";
  CHECK(says(error_reading(missing), "\xe5\xbd\xa2: no such file"));
}

#ifndef _WIN32

namespace {

/// While it lives no file may grow beyond so many bytes, as on a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &limit_);
    const rlimit less{bytes, limit_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &less);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &limit_);
    std::signal(SIGXFSZ, handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  void (*handler_)(int);
  rlimit limit_{};
};

}  // namespace

TEST_CASE("an existing file stays whole when the disk is full") {
  const TemporaryFolder folder;
  ae::write_file("old", folder / "file");
  std::string message;
  {
    const FullDisk full(1000);
    message = error_writing(folder / "file", std::string(100'000, 'x'));
  }
  CHECK(says(message, (folder / "file").string(), "cannot be written", "File too large"));
  CHECK(ae::read_file(folder / "file") == "old");
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("a file that only just does not fit the disk is refused as well") {
  const TemporaryFolder folder;
  std::string message;
  {
    const FullDisk full(1000);
    message = error_writing(folder / "file", std::string(1001, 'x'));
  }
  CHECK(says(message, "File too large"));
  CHECK(entries(folder.path()) == 0);
}

TEST_CASE("a link to a file stays, and the file is written") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "inside");
  put(folder / "inside" / "file", "old");
  std::filesystem::create_symlink("inside/file", folder / "link");
  ae::write_file("new", folder / "link");
  CHECK(std::filesystem::is_symlink(folder / "link"));
  CHECK(ae::read_file(folder / "inside" / "file") == "new");
  CHECK(entries(folder / "inside") == 1);
}

TEST_CASE("a link to a file that is not there yet stays, and one that leads to itself is refused") {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("file", folder / "second");
  std::filesystem::create_symlink(folder / "second", folder / "first");
  ae::write_file("new", folder / "first");
  CHECK(std::filesystem::is_symlink(folder / "first"));
  CHECK(std::filesystem::is_symlink(folder / "second"));
  CHECK(ae::read_file(folder / "file") == "new");
  std::filesystem::create_symlink("loop", folder / "loop");
  CHECK(says(error_writing(folder / "loop"), "loop", "too many links"));
}

TEST_CASE("a file keeps its permissions") {
  const TemporaryFolder folder;
  put(folder / "file", "old");
  const auto wanted = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;
  std::filesystem::permissions(folder / "file", wanted);
  ae::write_file("new", folder / "file");
  CHECK(ae::read_file(folder / "file") == "new");
  CHECK((std::filesystem::status(folder / "file").permissions() == wanted));
}

TEST_CASE("a device is not overwritten") {
  const TemporaryFolder folder;
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(says(error_writing(folder / "pipe"), (folder / "pipe").string(), "cannot be written",
             "neither file nor folder"));
  CHECK(std::filesystem::is_fifo(folder / "pipe"));
}

TEST_CASE("what is neither file nor folder is not read") {
  CHECK(says(error_reading("/dev/null"), "/dev/null", "expected a file"));
}

TEST_CASE("a name that is too long is refused by its path") {
  const TemporaryFolder folder;
  const auto path = folder / std::string(1000, 'x');
  CHECK(says(error_writing(path), path.string(), "File name too long"));
  CHECK(says(error_reading(path), path.string(), "File name too long"));
}

#endif
