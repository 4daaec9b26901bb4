#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "ae/core/concepts.hpp"
#include "ae/detail/core/mapped_file.hpp"
#include "ae/detail/core/require.hpp"

namespace ae::inline AE_ABI {

/// How a number lies in a file: unsigned and signed integers and floating-point numbers, by their
/// bytes.
enum class Element { u1, u2, u4, u8, i1, i2, i4, i8, f2, f4, f8 };

namespace detail {

/// Calls f with a number of the element's type.
template <class F>
decltype(auto) with_type(Element element, F&& f) {
  switch (element) {
    case Element::u1:
      return f(std::uint8_t{});
    case Element::u2:
      return f(std::uint16_t{});
    case Element::u4:
      return f(std::uint32_t{});
    case Element::u8:
      return f(std::uint64_t{});
    case Element::i1:
      return f(std::int8_t{});
    case Element::i2:
      return f(std::int16_t{});
    case Element::i4:
      return f(std::int32_t{});
    case Element::i8:
      return f(std::int64_t{});
    case Element::f2:
      return f(Eigen::half{});
    case Element::f4:
      return f(float{});
    case Element::f8:
      break;
  }
  return f(double{});
}

}  // namespace detail

/// Bytes that one number takes.
/// ~~~{.cpp}
/// const std::size_t bytes = ae::size_of(ae::Element::f4);  // 4
/// ~~~
inline std::size_t size_of(Element element) {
  return detail::with_type(element, [](auto number) { return sizeof(number); });
}

/// Samples that stay as they lie in a file, one after the other, and are converted when they are
/// read. Copies share the bytes, which may be those of a file that is mapped into memory.
/// ~~~{.cpp}
/// const ae::ByteSource samples = ae::npy::map("samples.npy");
/// model.fit(samples);
/// const ae::Matrix<float> all = samples.matrix();  // features x samples
/// ~~~
class ByteSource {
 public:
  /// Samples of `features` numbers in the bytes from `offset` on. Throws OptionError for less than
  /// one feature, ShapeError unless the bytes are a whole number of samples.
  ByteSource(std::string bytes, std::size_t offset, Index features, Element element,
             std::endian order)
      : features_(features), element_(element), order_(order) {
    const auto kept = std::make_shared<const std::string>(std::move(bytes));
    keep(kept, *kept, offset);
  }

  /// The same of a file that stays where it is.
  ByteSource(detail::MappedFile file, std::size_t offset, Index features, Element element,
             std::endian order)
      : is_mapped_(true), features_(features), element_(element), order_(order) {
    const auto kept = std::make_shared<const detail::MappedFile>(std::move(file));
    keep(kept, kept->bytes(), offset);
  }

  Index features() const { return features_; }
  Index samples() const { return samples_; }

  /// The samples as they lie in the file, and how their numbers do.
  std::string_view bytes() const { return bytes_; }
  Element element() const { return element_; }
  std::endian order() const { return order_; }

  /// The picked samples as columns of x (features x picks).
  template <class Scalar>
  void read(std::span<const Index> picks, Eigen::Ref<Matrix<Scalar>> x) const {
    for (std::size_t i = 0; i < picks.size(); ++i) {
      convert(picks[i], x.col(static_cast<Index>(i)).data());
    }
  }

  /// Makes the system load the picked samples into memory, if the bytes are those of a mapped file.
  void read_ahead(std::span<const Index> picks) const {
    if (!is_mapped_) return;
    const std::size_t size = static_cast<std::size_t>(features_) * size_of(element_);
    for (const Index pick : picks) {
      detail::touch(bytes_.substr(static_cast<std::size_t>(pick) * size, size));
    }
  }

  /// All samples (features x samples).
  template <class Scalar = float>
  Matrix<Scalar> matrix() const {
    Matrix<Scalar> x(features(), samples());
    for (Index i = 0; i < samples(); ++i) convert(i, x.col(i).data());
    return x;
  }

 private:
  void keep(std::shared_ptr<const void> owner, std::string_view bytes, std::size_t offset) {
    owner_ = std::move(owner);
    detail::require<OptionError>(features_ > 0, "expected samples of at least 1 value, found ",
                                 features_);
    detail::require<ShapeError>(offset <= bytes.size(), "expected at least ", offset,
                                " bytes, found ", bytes.size());
    bytes_ = bytes.substr(offset);
    const std::size_t size = bytes_.size(), width = size_of(element_);
    const auto values = static_cast<std::size_t>(features_);
    const bool whole = size % width == 0 && size / width % values == 0;
    detail::require<ShapeError>(whole, "expected a whole number of samples of ", features_,
                                " values of ", width, " bytes, found ", size, " bytes");
    samples_ = static_cast<Index>(size / width / values);
  }

  template <class Scalar>
  void convert(Index sample, Scalar* to) const {
    detail::with_type(element_, [&]<class Number>(Number) {
      const auto first = static_cast<std::size_t>(sample * features_) * sizeof(Number);
      const char* from = bytes_.data() + first;
      for (Index i = 0; i < features_; ++i, from += sizeof(Number)) {
        char copy[sizeof(Number)];
        std::memcpy(copy, from, sizeof(Number));
        if (order_ != std::endian::native) std::reverse(copy, copy + sizeof(Number));
        to[i] = static_cast<Scalar>(std::bit_cast<Number>(copy));
      }
    });
  }

  std::shared_ptr<const void> owner_;  // of the bytes
  std::string_view bytes_;             // of the samples
  bool is_mapped_ = false;
  Index features_;
  Index samples_ = 0;
  Element element_;
  std::endian order_;
};

}  // namespace ae::inline AE_ABI
