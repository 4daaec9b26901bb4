#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/core/file.hpp"
#include "ae/data/byte_source.hpp"
#include "ae/detail/core/path_text.hpp"
#include "ae/detail/data/npy_layout.hpp"
#include "ae/detail/data/several_files.hpp"

/// Arrays as NumPy saves them, .npy of versions 1 to 3 (numpy.lib.format). In Python a sample is a
/// row, here it is a column: an array of shape (samples, features) is a matrix (features x
/// samples), one of shape (n,) a single sample, a column of n values. Of more dimensions, as of
/// pictures (samples, height, width), all but the first are the features, the last running fastest.
namespace ae::inline AE_ABI::npy {

/// A whole file, which errors call `name`: values of any integer or floating-point type of 8 to 64
/// bits, or bool, in C or Fortran order and either byte order. The bytes are kept as they are in
/// the file; Fortran order is turned into C order once. Throws FileError for anything else.
/// ~~~{.cpp}
/// const auto samples = ae::npy::parse(ae::read_file("samples.npy"), "samples.npy");
/// ~~~
inline ByteSource parse(std::string bytes, const std::string& name = "array") {
  const detail::NpyLayout layout = detail::npy_layout(bytes, name);
  const auto& [descr, element, order] = layout.type;
  if (!layout.by_feature) return {std::move(bytes), layout.first, layout.features, element, order};
  return {detail::by_sample(bytes, layout), 0, layout.features, element, order};
}

/// A file. Throws as `parse` does.
/// ~~~{.cpp}
/// const ae::Matrix<float> x = ae::npy::read("samples.npy").matrix();  // features x samples
/// ~~~
inline ByteSource read(const std::filesystem::path& path) {
  return parse(read_file(path), detail::path_text(path));
}

/// A file that stays on the disk and is mapped into memory, so that it may be larger than that:
/// what is read of it is read when it is needed. Throws as `parse` does, and FileError for an array
/// of several dimensions in Fortran order. The file must not become shorter meanwhile.
/// ~~~{.cpp}
/// model.fit(ae::npy::map("larger_than_memory.npy"), {.order = ae::Order::blocks});
/// ~~~
inline ByteSource map(const std::filesystem::path& path) {
  detail::MappedFile file(path);
  const detail::NpyLayout layout = detail::npy_layout(file.bytes(), detail::path_text(path));
  detail::require<FileError>(!layout.by_feature, detail::path_text(path),
                             ": expected an array in C order to map it, found Fortran order");
  const auto& [descr, element, order] = layout.type;
  return {std::move(file), layout.first, layout.features, element, order};
}

/// Several files as one set. Throws as `parse` does, and FileError for a file whose samples have
/// another size or type than the first's.
inline ByteSource read(const Paths& paths) {
  return detail::read_joined(paths, [](const auto& path) { return read(path); });
}

/// The file of a matrix (features x samples) of float, double or bytes: an array of shape (samples,
/// features) in C order; a column vector, by its type, is an array of shape (n,).
/// ~~~{.cpp}
/// const std::string bytes = ae::npy::file_of(model.encode(x));
/// ~~~
template <class Derived>
std::string file_of(const Eigen::MatrixBase<Derived>& matrix) {
  using Scalar = typename Derived::Scalar;
  const ConstMatrixRef<Scalar> x(matrix.derived());
  std::string bytes = detail::npy_header_of<Scalar>(Derived::ColsAtCompileTime == 1
                                                        ? detail::text(x.rows(), ",")
                                                        : detail::text(x.cols(), ", ", x.rows()));
  bytes.reserve(bytes.size() + static_cast<std::size_t>(x.size()) * sizeof(Scalar));
  for (Index j = 0; j < x.cols(); ++j) {
    bytes.append(reinterpret_cast<const char*>(x.col(j).data()),
                 static_cast<std::size_t>(x.rows()) * sizeof(Scalar));
  }
  return bytes;
}

/// Writes the file of a matrix. Throws FileError; the file is whole, or as it was before.
/// ~~~{.cpp}
/// ae::npy::write(model.encode(x), "codes.npy");  // in Python of shape (samples, code size)
/// ~~~
template <class Derived>
void write(const Eigen::MatrixBase<Derived>& matrix, const std::filesystem::path& path) {
  write_file(file_of(matrix), path);
}

}  // namespace ae::inline AE_ABI::npy
