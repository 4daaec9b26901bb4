#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <utility>
#include <vector>

#include "ae/detail/core/require.hpp"
#include "ae/detail/core/team.hpp"
#include "ae/linalg/product.hpp"

namespace ae::inline AE_ABI {

/// Samples that are kept, and the distances of others to the nearest of them: the further away, the
/// odder. Ramaswamy, Rastogi and Shim, "Efficient algorithms for mining outliers from large data
/// sets", SIGMOD 2000. Every distance is computed, by one product for some samples at a time.
template <class Scalar = float>
class NearestNeighbors {
 public:
  NearestNeighbors() = default;

  /// (features x samples). Throws ShapeError for none.
  explicit NearestNeighbors(Matrix<Scalar> samples) : samples_(std::move(samples)) {
    detail::require<ShapeError>(samples_.size() > 0,
                                "nearest neighbors: expected at least one sample, found none");
    center_ = samples_.rowwise().mean();
    centred_ = samples_.colwise() - center_;
    norms_ = centred_.colwise().squaredNorm().transpose();
  }

  const Matrix<Scalar>& samples() const { return samples_; }

  /// The distance of each sample of x (features x any) to its k-th nearest, in the units of the
  /// samples; of one that is kept itself, the nearest is itself. Throws ShapeError for samples of
  /// another width, OptionError unless k is from 1 to the number of samples.
  Vector<double> distances(const ConstMatrixRef<Scalar>& x, Index k) const {
    detail::require_rows(x, samples_.rows(), "nearest neighbors");
    detail::require<OptionError>(k > 0 && k <= samples_.cols(),
                                 "nearest neighbors: expected a neighbor from 1 to ",
                                 samples_.cols(), ", found ", k);
    constexpr Index few = 64;
    Vector<double> all(x.cols());
    std::atomic<Index> next = 0;
    detail::with_helpers(detail::most_threads(), [&](int) {
      Product<Scalar> product;
      Matrix<Scalar> products(samples_.cols(), few);
      for (Index first; (first = next.fetch_add(few)) < x.cols();) {
        const auto some = x.middleCols(first, std::min(few, x.cols() - first));
        const Matrix<Scalar> centred = some.colwise() - center_;
        linalg::View<Scalar> found =
            linalg::block(linalg::view(products), {0, products.rows()}, {0, some.cols()});
        product(found, centred_.transpose(), centred);
        for (Index j = 0; j < some.cols(); ++j) {
          all[first + j] = distance(some.col(j), found.col(j), k);
        }
      }
    });
    return all;
  }

 private:
  static constexpr Index spare = 8;

  /// From the products of a sample with all that are kept, both centred. Differences of such
  /// numbers say only about which are nearest, so how near some more than k are is computed anew.
  double distance(const auto& sample, const auto& products, Index k) const {
    const auto most = static_cast<std::size_t>(std::min(k + spare, samples_.cols()));
    std::vector<std::pair<Scalar, Index>> nearest;  // so far, as a heap with the furthest in front
    for (Index i = 0; i < samples_.cols(); ++i) {
      const std::pair found(norms_[i] - 2 * products[i], i);
      if (nearest.size() == most) {
        if (found.first >= nearest.front().first) continue;
        std::pop_heap(nearest.begin(), nearest.end());
        nearest.pop_back();
      }
      nearest.push_back(found);
      std::push_heap(nearest.begin(), nearest.end());
    }
    std::vector<double> squares;
    for (const auto& [unused, i] : nearest) {
      squares.push_back((samples_.col(i) - sample).template cast<double>().squaredNorm());
    }
    std::nth_element(squares.begin(), squares.begin() + (k - 1), squares.end());
    return std::sqrt(squares[static_cast<std::size_t>(k - 1)]);
  }

  Matrix<Scalar> samples_, centred_;  // features x samples
  Vector<Scalar> center_;
  Vector<Scalar> norms_;  // of the centred samples, squared
};

}  // namespace ae::inline AE_ABI
