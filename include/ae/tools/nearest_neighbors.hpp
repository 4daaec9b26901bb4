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
/// ~~~{.cpp}
/// const ae::NearestNeighbors<float> known(model.encode(normal));
/// const ae::Vector<double> distances = known.distances(model.encode(x), 5);
/// ~~~
template <class Scalar = float>
class NearestNeighbors {
 public:
  NearestNeighbors() = default;

  /// (features x samples). Throws ShapeError for none, DataError for one that is not finite.
  explicit NearestNeighbors(Matrix<Scalar> samples) : samples_(std::move(samples)) {
    detail::require<ShapeError>(samples_.size() > 0,
                                "nearest neighbors: expected at least one sample, found none");
    detail::require<DataError>(samples_.allFinite(),
                               "nearest neighbors: expected finite samples, found one that is not");
    center_ = samples_.rowwise().mean();
    centred_ = (samples_.colwise() - center_).transpose();
    norms_.setConstant(detail::ceil_div(samples_.cols(), chunk) * chunk,
                       std::numeric_limits<Scalar>::infinity());
    norms_.head(samples_.cols()) = centred_.rowwise().squaredNorm();
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
    constexpr Index few = 64, block = 512;  // of products, which then stay in the cache
    Vector<double> all(x.cols());
    std::atomic<Index> next = 0;
    const Index pieces = detail::ceil_div(x.cols(), few);
    detail::with_helpers(detail::threads_for_pieces(pieces), [&](int) {
      Product<Scalar> product;
      Matrix<Scalar> products =
          Matrix<Scalar>::Zero(std::min(block, norms_.size()), std::min(few, x.cols()));
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
            add(nearest[j], products.col(static_cast<Index>(j)).data(), rows, row);
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
  static constexpr Index spare = 3;
  static constexpr Index chunk = 32;  // samples that are looked at together

  /// The nearest so far, from the nearest on, with squares of distances, but for the same number in
  /// all.
  struct Nearest {
    struct Neighbor {
      Scalar square;
      Index sample;
    };

    explicit Nearest(Index most)
        : all(static_cast<std::size_t>(most),
              Neighbor{std::numeric_limits<Scalar>::infinity(), 0}) {}

    Scalar furthest() const { return all.back().square; }

    void add(Scalar square, Index sample) {
      if (!(square < furthest())) return;
      std::size_t at = all.size() - 1;
      for (; at > 0 && all[at - 1].square > square; --at) all[at] = all[at - 1];
      all[at] = {square, sample};
    }

    std::vector<Neighbor> all;
  };

  /// Some more, from their products with the sample, both centred. Most are further away than all
  /// that are kept, which is seen of many at once.
  void add(Nearest& nearest, const Scalar* products, Index count, Index first) const {
    using Chunk = Eigen::Array<Scalar, chunk, 1>;
    for (Index at = 0; at < count; at += chunk) {
      const Chunk squares = Eigen::Map<const Chunk>(norms_.data() + first + at) -
                            2 * Eigen::Map<const Chunk>(products + at);
      if (!(squares.minCoeff() < nearest.furthest())) continue;
      for (Index i = 0; i < chunk; ++i) nearest.add(squares[i], first + at + i);
    }
  }

  /// Differences of products say only about which are nearest, so how near some more than k are is
  /// computed anew.
  double distance(const auto& sample, const Nearest& nearest, Index k) const {
    std::vector<double> squares;
    squares.reserve(nearest.all.size());
    for (const auto& near : nearest.all) {
      squares.push_back((samples_.col(near.sample) - sample).template cast<double>().squaredNorm());
    }
    std::nth_element(squares.begin(), squares.begin() + (k - 1), squares.end());
    return std::sqrt(squares[static_cast<std::size_t>(k - 1)]);
  }

  Matrix<Scalar> samples_;  // features x samples
  Matrix<Scalar> centred_;  // samples x features
  Vector<Scalar> center_;
  Vector<Scalar> norms_;  // of the centred samples, squared; infinite for those that fill a chunk
};

}  // namespace ae::inline AE_ABI
