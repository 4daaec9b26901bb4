#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "ae/detail/core/ceil_div.hpp"
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
    centred_ = (samples_.colwise() - center_).transpose();
    norms_ = centred_.rowwise().squaredNorm();
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
    const Index most = std::min(k + spare, samples_.cols());
    constexpr Index few = 128, block = 1024;  // of products, which then stay in the cache
    Vector<double> all(x.cols());
    std::atomic<Index> next = 0;
    const Index pieces = detail::ceil_div(x.cols(), few);
    detail::with_helpers(detail::threads_for_pieces(pieces), [&](int) {
      Product<Scalar> product;
      Matrix<Scalar> products(block, few);
      for (Index first; (first = next.fetch_add(few)) < x.cols();) {
        const auto some = x.middleCols(first, std::min(few, x.cols() - first));
        const Matrix<Scalar> centred = some.colwise() - center_;
        std::vector<Nearest> nearest(static_cast<std::size_t>(some.cols()), Nearest(most));
        for (Index row = 0; row < samples_.cols(); row += block) {
          const Index rows = std::min(block, samples_.cols() - row);
          linalg::View<Scalar> found =
              linalg::block(linalg::view(products), {0, rows}, {0, some.cols()});
          product(found, centred_.middleRows(row, rows), centred);
          for (std::size_t j = 0; j < nearest.size(); ++j) {
            add(nearest[j], products.col(static_cast<Index>(j)).head(rows), row);
          }
        }
        for (std::size_t j = 0; j < nearest.size(); ++j) {
          const auto at = static_cast<Index>(j);
          all[first + at] = distance(some.col(at), nearest[j], k);
        }
      }
    });
    return all;
  }

 private:
  static constexpr Index spare = 8;

  /// The nearest so far, in no order.
  struct Nearest {
    explicit Nearest(Index most)
        : distances(Vector<Scalar>::Constant(most, std::numeric_limits<Scalar>::infinity())),
          samples(static_cast<std::size_t>(most)) {}

    void add(Scalar distance, Index sample) {
      if (distance >= distances[furthest]) return;
      distances[furthest] = distance;
      samples[static_cast<std::size_t>(furthest)] = sample;
      distances.maxCoeff(&furthest);
    }

    Vector<Scalar> distances;  // squared, but for the same number in all
    std::vector<Index> samples;
    Index furthest = 0;
  };

  /// Some more, from their products with the sample, both centred. Most are further away than all
  /// that are kept, which is seen of many at once.
  void add(Nearest& nearest, const auto& products, Index first) const {
    constexpr Index many = 64;
    for (Index begin = 0; begin < products.size(); begin += many) {
      const Index count = std::min(many, products.size() - begin);
      const auto distances =
          norms_.segment(first + begin, count) - 2 * products.segment(begin, count);
      if (distances.minCoeff() >= nearest.distances[nearest.furthest]) continue;
      for (Index i = 0; i < count; ++i) nearest.add(distances[i], first + begin + i);
    }
  }

  /// Differences of products say only about which are nearest, so how near some more than k are is
  /// computed anew.
  double distance(const auto& sample, const Nearest& nearest, Index k) const {
    std::vector<double> squares;
    for (const Index i : nearest.samples) {
      squares.push_back((samples_.col(i) - sample).template cast<double>().squaredNorm());
    }
    std::nth_element(squares.begin(), squares.begin() + (k - 1), squares.end());
    return std::sqrt(squares[static_cast<std::size_t>(k - 1)]);
  }

  Matrix<Scalar> samples_;  // features x samples
  Matrix<Scalar> centred_;  // samples x features
  Vector<Scalar> center_;
  Vector<Scalar> norms_;  // of the centred samples, squared
};

}  // namespace ae::inline AE_ABI
