#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <memory>
#include <numeric>

#include "ae/core/concepts.hpp"
#include "ae/detail/data/cifar_records.hpp"

/// The CIFAR sets in their binary layout: a record is one or two label bytes, then 32 x 32 red,
/// green and blue bytes, row by row. Krizhevsky, "Learning multiple layers of features from tiny
/// images", 2009.
namespace ae::inline AE_ABI {

/// Pictures as a source of samples. In colour a sample has 3,072 values, channel by channel, in
/// grayscale 1,024, the means of the channels; all are from 0 to 255. Keeps the bytes of the files,
/// or maps a file into memory, and converts what is read. Copies and selections share the bytes.
/// ~~~{.cpp}
/// const auto train = ae::cifar10::read_folder("cifar-10-batches-bin").train;
/// const auto horses = train.only(ae::cifar10::horse).grayscale();
/// ~~~
class Pictures {
 public:
  static constexpr Index side = 32;
  static constexpr Index pixels = side * side;
  static constexpr Index colour_values = 3 * pixels;  ///< values of a colour picture

  /// All records in `bytes`, in colour. A record has `label_bytes` labels, then the picture. Throws
  /// ShapeError unless the bytes are a whole number of records.
  Pictures(std::vector<std::uint8_t> bytes, Index label_bytes) : label_bytes_(label_bytes) {
    const auto kept = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
    keep(kept, kept->data(), kept->size());
  }

  /// The same for a file that is mapped into memory.
  Pictures(detail::MappedFile file, Index label_bytes) : label_bytes_(label_bytes) {
    const auto kept = std::make_shared<const detail::MappedFile>(std::move(file));
    const std::string_view all = kept->bytes();
    keep(kept, reinterpret_cast<const std::uint8_t*>(all.data()), all.size());
    is_mapped_ = true;
  }

  Index samples() const { return static_cast<Index>(records_.size()); }
  Index features() const { return grayscale_ ? pixels : colour_values; }

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

  Pictures grayscale() const { return with_grayscale(true); }
  Pictures colour() const { return with_grayscale(false); }

  /// The picked samples as columns of x (features x picks).
  template <class Scalar>
  void read(std::span<const Index> picks, Eigen::Ref<Matrix<Scalar>> x) const {
    for (std::size_t i = 0; i < picks.size(); ++i) {
      convert(record(picks[i]) + label_bytes_, x.col(static_cast<Index>(i)).data());
    }
  }

  /// Makes the system load the picked samples into memory, if the bytes are those of a mapped file.
  void read_ahead(std::span<const Index> picks) const {
    if (!is_mapped_) return;
    for (const Index pick : picks) {
      detail::touch({reinterpret_cast<const char*>(record(pick)),
                     static_cast<std::size_t>(label_bytes_ + colour_values)});
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
  void keep(std::shared_ptr<const void> owner, const std::uint8_t* bytes, std::size_t size) {
    const auto record = static_cast<std::size_t>(label_bytes_ + colour_values);
    detail::require<ShapeError>(size % record == 0, "pictures: expected a whole number of ", record,
                                "-byte records, found ", size, " bytes");
    owner_ = std::move(owner);
    bytes_ = bytes;
    records_.resize(size / record);
    std::iota(records_.begin(), records_.end(), Index{0});
  }

  const std::uint8_t* record(Index sample) const {
    return bytes_ + records_[static_cast<std::size_t>(sample)] * (label_bytes_ + colour_values);
  }

  Pictures with_grayscale(bool grayscale) const {
    Pictures view = *this;
    view.grayscale_ = grayscale;
    return view;
  }

  template <class Scalar>
  void convert(const std::uint8_t* red, Scalar* to) const {
    if (!grayscale_) {
      std::copy(red, red + colour_values, to);
      return;
    }
    for (Index i = 0; i < pixels; ++i) {
      const int sum = red[i] + red[i + pixels] + red[i + 2 * pixels];
      to[i] = static_cast<Scalar>(sum) / Scalar{3};
    }
  }

  std::shared_ptr<const void> owner_;  // of the bytes
  const std::uint8_t* bytes_ = nullptr;
  bool is_mapped_ = false;
  std::vector<Index> records_;
  Index label_bytes_;
  bool grayscale_ = false;
};

/// What a folder of a set holds.
/// ~~~{.cpp}
/// const auto [train, test] = ae::cifar10::read_folder("cifar-10-batches-bin");
/// model.fit(train.grayscale(), {.epochs = 100}, ae::Validation(test.grayscale()));
/// ~~~
struct TrainAndTest {
  Pictures train, test;
};

namespace cifar10 {

enum Label { airplane, automobile, bird, cat, deer, dog, frog, horse, ship, truck };

/// The records of several files as one set, in the order of the files. Throws FileError.
/// ~~~{.cpp}
/// const auto both = ae::cifar10::read(ae::Paths{"data_batch_1.bin", "data_batch_2.bin"});
/// ~~~
inline Pictures read(const Paths& files) {
  return {detail::read_records(files, detail::cifar10_set), 1};
}

/// One file. Throws FileError.
inline Pictures read(const std::filesystem::path& file) {
  return read(Paths{file});
}

/// One file that stays on the disk and is mapped into memory; it may be larger than the memory. All
/// labels are checked here, which goes through the whole file once. Throws FileError.
/// ~~~{.cpp}
/// const auto pictures = ae::cifar10::map("all.bin");
/// ~~~
inline Pictures map(const std::filesystem::path& file) {
  return {detail::map_records(file, detail::cifar10_set), 1};
}

/// A folder with data_batch_1.bin to data_batch_5.bin and test_batch.bin. Throws FileError.
/// ~~~{.cpp}
/// const auto [train, test] = ae::cifar10::read_folder("cifar-10-batches-bin");
/// ~~~
inline TrainAndTest read_folder(const std::filesystem::path& folder) {
  return {read(detail::files_of(folder,
                                {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
                                 "data_batch_4.bin", "data_batch_5.bin"},
                                detail::cifar10_set)),
          read(detail::files_of(folder, {"test_batch.bin"}, detail::cifar10_set))};
}

}  // namespace cifar10

namespace cifar100 {

/// Several files of any number of records, in this order, as one set; each record has a coarse and
/// a fine label. Throws FileError.
/// ~~~{.cpp}
/// const auto train = ae::cifar100::read("train.bin");
/// std::cout << train.label(0) << " of " << train.coarse_label(0) << '\n';
/// ~~~
inline Pictures read(const Paths& files) {
  return {detail::read_records(files, detail::cifar100_set), 2};
}

/// One file. Throws FileError.
inline Pictures read(const std::filesystem::path& file) {
  return read(Paths{file});
}

/// One file that is mapped into memory, as `cifar10::map` does it. Throws FileError.
/// ~~~{.cpp}
/// const auto pictures = ae::cifar100::map("train.bin");
/// ~~~
inline Pictures map(const std::filesystem::path& file) {
  return {detail::map_records(file, detail::cifar100_set), 2};
}

/// A folder with train.bin and test.bin. Throws FileError.
/// ~~~{.cpp}
/// const auto [train, test] = ae::cifar100::read_folder("cifar-100-binary");
/// ~~~
inline TrainAndTest read_folder(const std::filesystem::path& folder) {
  return {read(detail::files_of(folder, {"train.bin"}, detail::cifar100_set)),
          read(detail::files_of(folder, {"test.bin"}, detail::cifar100_set))};
}

}  // namespace cifar100

}  // namespace ae::inline AE_ABI
