#pragma once

#include "ae/detail/core/abi.hpp"

#include <array>
#include <cstdint>

#include "ae/detail/core/mapped_file.hpp"
#include "ae/detail/core/path_text.hpp"
#include "ae/detail/data/several_files.hpp"

/// The files of the CIFAR sets, checked.
namespace ae::inline AE_ABI::detail {

/// Bytes of a picture in a record, behind its labels.
inline constexpr std::size_t cifar_picture = 3 * 32 * 32;

/// A set: how many classes each of its label bytes tells apart, and the archive of its binary
/// version.
template <std::size_t Labels>
struct CifarSet {
  std::array<int, Labels> classes;
  std::string_view archive;

  std::string from() const {
    return text(archive, " from https://www.cs.toronto.edu/~kriz/cifar.html");
  }
};

inline constexpr CifarSet<1> cifar10_set{{10}, "cifar-10-binary.tar.gz"};
inline constexpr CifarSet<2> cifar100_set{{20, 100}, "cifar-100-binary.tar.gz"};

/// What a file is that is no CIFAR file by its first bytes, none of which can be a label; nothing
/// otherwise.
inline std::string_view other_kind(std::string_view bytes) {
  if (bytes.starts_with("\x1f\x8b")) return "one that gzip has packed";
  if (bytes.starts_with("PK\x03\x04")) return "a zip archive";
  if (bytes.starts_with('<')) return "a page of HTML";
  if (bytes.starts_with('\x80')) return "one of the Python version";
  return {};
}

/// Throws FileError unless the bytes are a whole number of records, at least one, with every label
/// below its count of classes.
template <std::size_t Labels>
void require_records(std::string_view bytes, const std::filesystem::path& path,
                     const CifarSet<Labels>& set) {
  constexpr std::size_t record = Labels + cifar_picture;
  require<FileError>(!bytes.empty(), path_text(path), ": expected records of ", record,
                     " bytes, found an empty file");
  const std::string_view other = other_kind(bytes);
  require<FileError>(other.empty(), path_text(path), ": expected a file *.bin of ",
                     other.empty() ? "" : set.from(), ", found ", other);
  require<FileError>(bytes.size() % record == 0, path_text(path), ": expected a whole number of ",
                     record, "-byte records, found ", bytes.size(),
                     " bytes: ", bytes.size() / record, " records and ", bytes.size() % record,
                     " bytes left over");
  for (std::size_t i = 0; i < bytes.size(); i += record) {
    for (std::size_t l = 0; l < Labels; ++l) {
      const int label = static_cast<std::uint8_t>(bytes[i + l]);
      require<FileError>(label < set.classes[l], path_text(path), ", record ", i / record,
                         ": expected a label from 0 to ", set.classes[l] - 1, ", found ", label);
    }
  }
}

/// What a folder has in place of a file that is not there, as a message says it.
inline std::string in_place_of(const std::filesystem::path& file) {
  std::error_code error;
  const std::filesystem::path python = std::filesystem::path(file).replace_extension();
  if (std::filesystem::is_regular_file(python, error)) {
    return text(path_text(python.filename()), " of the Python version");
  }
  for (std::filesystem::directory_iterator entry(file.parent_path(), error), end;
       !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() == ".gz") {
      return text(path_text(entry->path().filename()), ", which is to be unpacked");
    }
  }
  return "none";
}

/// The records of several files, one behind the other. Throws FileError.
template <std::size_t Labels>
std::vector<std::uint8_t> read_records(const Paths& files, const CifarSet<Labels>& set) {
  require_files(files);
  std::vector<std::uint8_t> bytes;
  bytes.reserve(size_of_files(files));
  for (const std::filesystem::path& path : files) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) {
      fail<FileError>({path_text(path), ": no such file: expected those of ", set.from(),
                       ", found ", in_place_of(path)});
    }
    const std::string file = read_file(path);
    require_records(file, path, set);
    bytes.insert(bytes.end(), file.begin(), file.end());
  }
  return bytes;
}

/// The records of a file that is mapped into memory. Throws FileError.
template <std::size_t Labels>
MappedFile map_records(const std::filesystem::path& path, const CifarSet<Labels>& set) {
  MappedFile file(path);
  require_records(file.bytes(), path, set);
  return file;
}

/// The paths of a folder's files. Throws FileError unless there is the folder.
template <std::size_t Labels>
Paths files_of(const std::filesystem::path& folder, std::initializer_list<const char*> names,
               const CifarSet<Labels>& set) {
  std::error_code error;
  require<FileError>(std::filesystem::is_directory(folder, error), path_text(folder),
                     ": expected a folder of the files of ", set.from(), ", found ",
                     std::filesystem::exists(folder, error) ? "something else" : "nothing");
  Paths files;
  for (const char* name : names) files.push_back(folder / name);
  return files;
}

}  // namespace ae::inline AE_ABI::detail
