#pragma once

#include "ae/detail/core/abi.hpp"

#include <set>

#include "ae/detail/io/tensor_view.hpp"
#include "ae/io/safetensors.hpp"

/// Numbers and matrices in a safetensors file, each a tensor with a name.
namespace ae::inline AE_ABI::detail {

/// A number that a file keeps: a place in memory, in its own type.
struct NumberView {
  NumberView(const char* of, Index& number) : name(of), index(&number) {}
  NumberView(const char* of, double& number) : name(of), real(&number) {}
  NumberView(const char* of, std::uint64_t& number) : name(of), bits(&number) {}
  NumberView(const char* of, bool& number) : name(of), flag(&number) {}

  const char* name;
  Index* index = nullptr;
  double* real = nullptr;
  std::uint64_t* bits = nullptr;
  bool* flag = nullptr;
};

/// As F64: as it is, but 64 bits as two halves, since a double holds fewer.
Tensor to_tensor(const NumberView& number);

/// Throws FileError unless the value, found at `place`, is a whole number from 0 to `most`.
std::uint64_t whole_number(double value, double most, const std::string& place);

/// Tensors of a file that are asked for by name, in the type and shape that are expected. Throws
/// FileError, with the place, where they are not so.
class NamedTensors {
 public:
  NamedTensors(const SafeTensors& file, const std::string& where) : file_(file), where_(where) {}

  bool has(const std::string& name) const { return file_.tensors.contains(name); }
  std::string place(const std::string& name) const { return tensor_place(where_, name); }

  void read(const TensorView& into);
  void read(const NumberView& into);

  /// A matrix of this width, of any height.
  Matrix<double> rows(const std::string& name, Index cols);

  /// Refuses a tensor that nobody asked for; `whose` says whose tensors these are.
  void require_nothing_else(const char* whose) const;

 private:
  const Tensor& find(const std::string& name);

  const SafeTensors& file_;
  const std::string& where_;
  std::set<std::string> asked_;
};

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/io/named_tensors-inl.hpp"
#endif
