#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "ae/core/concepts.hpp"
#include "ae/core/file.hpp"

/// The CIFAR sets in their binary layout: a record is one or two label bytes, then 32 x 32 red,
/// green and blue bytes, row by row. Krizhevsky, "Learning multiple layers of features from tiny
/// images", 2009.
namespace ae {

/// Pictures as a source of samples of 1,024 values (grayscale, the mean of the planes) or 3,072
/// (colour, plane by plane), 0..255. Keeps the bytes of the files and converts what is read; copies
/// and selections share them.
class Pictures {
 public:
  static constexpr Index side = 32;
  static constexpr Index pixels = side * side;
  static constexpr Index planes = 3 * pixels;

  /// Records of `label_bytes` labels and the planes; all of them, in colour. Throws ShapeError
  /// unless the bytes are a whole number of records.
  Pictures(std::vector<std::uint8_t> bytes, Index label_bytes)
      : bytes_(std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes))),
        label_bytes_(label_bytes) {
    const auto record = static_cast<std::size_t>(label_bytes + planes);
    detail::require<ShapeError>(bytes_->size() % record == 0,
                                "pictures: expected a whole number of ", record,
                                "-byte records, found ", bytes_->size(), " bytes");
    records_.resize(bytes_->size() / record);
    std::iota(records_.begin(), records_.end(), Index{0});
  }

  Index samples() const { return static_cast<Index>(records_.size()); }
  Index features() const { return grayscale_ ? pixels : planes; }

  /// The class of a sample; of CIFAR-100, the fine one.
  int label(Index sample) const { return record(sample)[label_bytes_ - 1]; }

  /// The superclass of a sample of CIFAR-100.
  int coarse_label(Index sample) const { return record(sample)[0]; }

  /// The samples of one class, in order.
  Pictures only(int wanted) const {
    Pictures selection = *this;
    selection.records_.clear();
    for (Index i = 0; i < samples(); ++i) {
      if (label(i) == wanted) selection.records_.push_back(records_[static_cast<std::size_t>(i)]);
    }
    return selection;
  }

  Pictures grayscale() const { return in_gray(true); }
  Pictures colour() const { return in_gray(false); }

  /// The picked samples as columns of x (features x picks).
  template <class Scalar>
  void read(std::span<const Index> picks, Eigen::Ref<Matrix<Scalar>> x) const {
    for (std::size_t i = 0; i < picks.size(); ++i) {
      convert(record(picks[i]) + label_bytes_, x.col(static_cast<Index>(i)).data());
    }
  }

  /// All samples (features x samples).
  template <class Scalar = float>
  Matrix<Scalar> matrix() const {
    Matrix<Scalar> x(features(), samples());
    for (Index i = 0; i < samples(); ++i) convert(record(i) + label_bytes_, x.col(i).data());
    return x;
  }

 private:
  const std::uint8_t* record(Index sample) const {
    return bytes_->data() + records_[static_cast<std::size_t>(sample)] * (label_bytes_ + planes);
  }

  Pictures in_gray(bool grayscale) const {
    Pictures view = *this;
    view.grayscale_ = grayscale;
    return view;
  }

  template <class Scalar>
  void convert(const std::uint8_t* red, Scalar* to) const {
    if (!grayscale_) {
      std::copy(red, red + planes, to);
      return;
    }
    for (Index i = 0; i < pixels; ++i) {
      const int sum = red[i] + red[i + pixels] + red[i + 2 * pixels];
      to[i] = static_cast<Scalar>(sum) / Scalar{3};
    }
  }

  std::shared_ptr<const std::vector<std::uint8_t>> bytes_;
  std::vector<Index> records_;
  Index label_bytes_;
  bool grayscale_ = false;
};

/// What a folder of a set holds.
struct TrainAndTest {
  Pictures train, test;
};

namespace detail {

/// Appends one file. Throws FileError unless it is a whole number of records, at least one, with
/// every label byte below its count of classes.
template <std::size_t Labels>
void append_records(std::vector<std::uint8_t>& bytes, const std::filesystem::path& path,
                    const std::array<int, Labels>& classes) {
  const std::string file = read_file(path);
  constexpr std::size_t record = Labels + Pictures::planes;
  detail::require<FileError>(!file.empty(), path.string(), ": expected records of ", record,
                             " bytes, found an empty file");
  detail::require<FileError>(file.size() % record == 0, path.string(),
                             ": expected a whole number of ", record, "-byte records, found ",
                             file.size(), " bytes: ", file.size() / record, " records and ",
                             file.size() % record, " bytes left over");
  for (std::size_t i = 0; i < file.size(); i += record) {
    for (std::size_t l = 0; l < Labels; ++l) {
      const int label = static_cast<std::uint8_t>(file[i + l]);
      detail::require<FileError>(label < classes[l], path.string(), ", record ", i / record,
                                 ": expected a label from 0 to ", classes[l] - 1, ", found ",
                                 label);
    }
  }
  bytes.insert(bytes.end(), file.begin(), file.end());
}

/// Several files of one folder as one set.
template <std::size_t Labels>
Pictures read_records(const std::filesystem::path& folder, std::initializer_list<const char*> names,
                      const std::array<int, Labels>& classes) {
  std::error_code missing;
  detail::require<FileError>(
      std::filesystem::is_directory(folder, missing), folder.string(),
      ": expected a folder of CIFAR files, found ",
      std::filesystem::exists(folder, missing) ? "something else" : "nothing");
  std::uintmax_t total = 0;
  for (const char* name : names) {
    const auto size = std::filesystem::file_size(folder / name, missing);
    if (!missing) total += size;
  }
  std::vector<std::uint8_t> bytes;
  bytes.reserve(static_cast<std::size_t>(total));
  for (const char* name : names) append_records(bytes, folder / name, classes);
  return {std::move(bytes), Labels};
}

template <std::size_t Labels>
Pictures read_records(const std::filesystem::path& file, const std::array<int, Labels>& classes) {
  std::vector<std::uint8_t> bytes;
  append_records(bytes, file, classes);
  return {std::move(bytes), Labels};
}

}  // namespace detail

namespace cifar10 {

enum Label { airplane, automobile, bird, cat, deer, dog, frog, horse, ship, truck };

inline constexpr std::array<int, 1> classes{10};

/// One file of any number of records. Throws FileError.
inline Pictures read(const std::filesystem::path& file) {
  return detail::read_records(file, classes);
}

/// A folder with data_batch_1.bin to data_batch_5.bin and test_batch.bin. Throws FileError.
inline TrainAndTest read_folder(const std::filesystem::path& folder) {
  return {detail::read_records(folder,
                               {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
                                "data_batch_4.bin", "data_batch_5.bin"},
                               classes),
          detail::read_records(folder, {"test_batch.bin"}, classes)};
}

}  // namespace cifar10

namespace cifar100 {

inline constexpr std::array<int, 2> classes{20, 100};

/// One file of any number of records, each with a coarse and a fine label. Throws FileError.
inline Pictures read(const std::filesystem::path& file) {
  return detail::read_records(file, classes);
}

/// A folder with train.bin and test.bin. Throws FileError.
inline TrainAndTest read_folder(const std::filesystem::path& folder) {
  return {detail::read_records(folder, {"train.bin"}, classes),
          detail::read_records(folder, {"test.bin"}, classes)};
}

}  // namespace cifar100

}  // namespace ae
