#pragma once

#include <bit>
#include <memory>

#include "ae/io/file.hpp"
#include "ae/io/npy_layout.hpp"

/// Arrays as NumPy saves them, .npy of versions 1 to 3 (numpy.lib.format). In Python a sample is a
/// row, here it is a column: an array of shape (samples, features) is a matrix (features x
/// samples), and one of shape (n,) is a single sample, a column of n values.
namespace ae {

static_assert(std::endian::native == std::endian::little, "arrays are converted to little endian");

namespace detail {

template <class Stored>
Stored npy_load(const char* from, bool big_endian) {
  std::array<char, sizeof(Stored)> bytes;
  std::memcpy(bytes.data(), from, sizeof(Stored));
  if (big_endian) std::reverse(bytes.begin(), bytes.end());
  return std::bit_cast<Stored>(bytes);
}

template <class Scalar>
constexpr const char* npy_descr() {
  if constexpr (std::is_same_v<Scalar, double>) return "<f8";
  if constexpr (std::is_same_v<Scalar, float>) return "<f4";
  if constexpr (std::is_same_v<Scalar, std::uint8_t>) return "|u1";
}

}  // namespace detail

/// An array as a source of samples. Keeps the bytes of the file and converts what is read, so an
/// array of bytes stays small; copies share them.
class NpyArray {
 public:
  /// A whole file: f4, f8 or u1, one or two dimensions, either order, either byte order. Throws
  /// FileError for anything else, with `where` in front.
  NpyArray(std::string bytes, const std::string& where)
      : bytes_(std::make_shared<const std::string>(std::move(bytes))),
        layout_(detail::npy_layout(*bytes_, where)) {}

  Index features() const { return layout_.features; }
  Index samples() const { return layout_.samples; }

  /// The picked samples as columns of x (features x picks).
  template <class Scalar>
  void read(std::span<const Index> picks, Eigen::Ref<Matrix<Scalar>> x) const {
    for (std::size_t i = 0; i < picks.size(); ++i) {
      convert(picks[i], x.col(static_cast<Index>(i)).data());
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
  template <class Scalar>
  void convert(Index sample, Scalar* to) const {
    using detail::NpyType;
    if (layout_.value.type == NpyType::u1) convert_from<std::uint8_t>(sample, to);
    if (layout_.value.type == NpyType::f4) convert_from<float>(sample, to);
    if (layout_.value.type == NpyType::f8) convert_from<double>(sample, to);
  }

  template <class Stored, class Scalar>
  void convert_from(Index sample, Scalar* to) const {
    const char* const first = bytes_->data() + layout_.first + sample * layout_.sample_stride;
    for (Index i = 0; i < layout_.features; ++i) {
      const char* const from = first + i * layout_.feature_stride;
      to[i] = static_cast<Scalar>(detail::npy_load<Stored>(from, layout_.value.big_endian));
    }
  }

  std::shared_ptr<const std::string> bytes_;
  detail::NpyLayout layout_;
};

/// Throws FileError.
inline NpyArray read_npy(const std::filesystem::path& path) {
  return {read_file(path), path.string()};
}

/// A matrix (features x samples) of float, double or bytes as the file of an array (samples,
/// features) in C order; what is a vector by its type, as one of shape (n,).
template <class Derived>
std::string npy_bytes(const Eigen::MatrixBase<Derived>& matrix) {
  using Scalar = typename Derived::Scalar;
  const ConstMatrixRef<Scalar> x(matrix.derived());
  std::string header =
      text("{'descr': '", detail::npy_descr<Scalar>(), "', 'fortran_order': False, 'shape': (");
  if (Derived::ColsAtCompileTime == 1) {
    header += text(x.rows(), ",), }");
  } else {
    header += text(x.cols(), ", ", x.rows(), "), }");
  }
  constexpr std::size_t alignment = 64, before = 10;
  while ((before + header.size() + 1) % alignment != 0) header += ' ';
  header += '\n';
  const auto size = static_cast<std::uint16_t>(header.size());
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
  bytes += header;
  bytes.reserve(bytes.size() + static_cast<std::size_t>(x.size()) * sizeof(Scalar));
  for (Index i = 0; i < x.cols(); ++i) {
    bytes.append(reinterpret_cast<const char*>(x.col(i).data()),
                 static_cast<std::size_t>(x.rows()) * sizeof(Scalar));
  }
  return bytes;
}

/// Throws FileError; the file is whole, or as it was before.
template <class Derived>
void write_npy(const std::filesystem::path& path, const Eigen::MatrixBase<Derived>& matrix) {
  write_file(path, npy_bytes(matrix));
}

}  // namespace ae
