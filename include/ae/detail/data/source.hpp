#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <vector>

#include "ae/core/concepts.hpp"
#include "ae/detail/core/function_ref.hpp"
#include "ae/detail/core/require.hpp"
#include "ae/detail/data/source_ref.hpp"

namespace ae::inline AE_ABI::detail {

/// A matrix (features x samples) as a source: a view, so the matrix must live as long; what is no
/// plain matrix, such as a sum or a transpose, is evaluated and kept. Not copyable for that reason.
template <class Scalar>
class MatrixSource {
 public:
  template <class Derived>
  explicit MatrixSource(const Eigen::MatrixBase<Derived>& matrix) : matrix_(matrix.derived()) {}
  MatrixSource(const MatrixSource&) = delete;
  MatrixSource& operator=(const MatrixSource&) = delete;

  Index features() const { return matrix_.rows(); }
  Index samples() const { return matrix_.cols(); }

  template <class To>
  void read(std::span<const Index> picks, MatrixRef<To> x) const {
    for (std::size_t i = 0; i < picks.size(); ++i) {
      if constexpr (std::is_same_v<To, Scalar>) {
        std::copy_n(matrix_.col(picks[i]).data(), matrix_.rows(),
                    x.col(static_cast<Index>(i)).data());
      } else {
        x.col(static_cast<Index>(i)) = matrix_.col(picks[i]).template cast<To>();
      }
    }
  }

 private:
  ConstMatrixRef<Scalar> matrix_;
};

/// What `read` takes: a source as it is, a matrix behind a view.
template <Sized Data>
const Data& as_source(const Data& source) {
  return source;
}

template <class Derived>
auto as_source(const Eigen::MatrixBase<Derived>& matrix) {
  return MatrixSource<typename Derived::Scalar>(matrix.derived());
}

template <class Data>
concept MatrixOfDouble =
    std::derived_from<Data, Eigen::MatrixBase<Data>> && std::same_as<typename Data::Scalar, double>;

/// What is done with a chunk of samples (features x some), the first of them number `first`.
template <class Scalar>
using VisitChunk = FunctionRef<void(const MatrixRef<Scalar>& x, Index first)>;

template <class Scalar>
void visit_chunks(const SourceRef<Scalar>& source, VisitChunk<Scalar> visit);

/// Samples in file order, a chunk at a time: `visit(x, first)` with x (features x at most 256) in
/// one buffer that is used again.
template <class Scalar, Source<Scalar> Data, class Visit>
void for_each_chunk(const Data& source, const Visit& visit) {
  visit_chunks(SourceRef<Scalar>(source), VisitChunk<Scalar>(visit));
}

/// Throws ShapeError unless the source has samples, and of as many features as expected.
template <Sized Data>
void require_samples(const Data& source, Index features, const char* who) {
  require<ShapeError>(source.samples() > 0, who, ": expected at least one sample, found none");
  require<ShapeError>(source.features() == features, who, ": expected samples of ", features,
                      " features, found ", source.features(),
                      source.samples() == features
                          ? "; a sample is a column: the transpose may be what is meant"
                          : "");
}

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/data/source-inl.hpp"
#endif
