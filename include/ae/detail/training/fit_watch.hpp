#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>
#include <functional>
#include <string>

#include "ae/detail/core/require.hpp"
#include "ae/detail/training/peers.hpp"
#include "ae/linalg/view.hpp"

namespace ae::inline AE_ABI::detail {

/// Watches a fit for what its caller should know at the end.
template <class Scalar>
class FitWatch {
 public:
  /// Of a code of so many units.
  explicit FitWatch(Index units) : lives_(Lives::Constant(units, false)) {}

  /// After a step, its loss before it and the targets, in the units of the network; and in the last
  /// epoch the codes (code size x batch).
  void see(double loss, linalg::ConstView<Scalar> target) {
    if (first_loss_ >= 0) return;
    first_loss_ = loss;
    power_ = static_cast<double>(target.squaredNorm()) / static_cast<double>(target.size());
  }
  void see_codes(linalg::ConstView<Scalar> codes) {
    seen_ = true;
    for (Index j = 0; j < codes.cols(); ++j) lives_ = lives_ || codes.col(j).array() != Scalar{0};
  }

  /// Takes what all processes have seen.
  void merge(Peers<Scalar>& peers) {
    std::vector<double> counts(lives_.data(), lives_.data() + lives_.size());
    counts.push_back(seen_);
    peers.add_up(counts);
    for (Index i = 0; i < lives_.size(); ++i) lives_[i] = counts[static_cast<std::size_t>(i)] > 0;
    seen_ = counts.back() > 0;
  }

  /// Says what is odd about a fit whose last epoch had this mean loss: one that rose far above that
  /// of a network that gives zeros, and units of the code that gave nothing else.
  void report(double last_loss, const std::function<void(const std::string&)>& warn) const {
    if (!warn || first_loss_ < 0) return;  // nothing was seen where a fit was at its end already
    if (last_loss > 10 * std::max(first_loss_, power_)) {
      warn(text("fit: expected a loss that falls, found ", first_loss_, " in the first step and ",
                last_loss, " in the last epoch (in the units of the network); a smaller ",
                "learning_rate may help"));
    }
    const Index dead = seen_ ? lives_.size() - lives_.count() : 0;
    if (dead > 0) {
      warn(text("fit: expected units of the code that give more than 0, found ", dead, " of ",
                lives_.size(), " that gave 0 for every sample of the last epoch; another ",
                "activation of the code, a smaller learning_rate or a new start may help"));
    }
  }

 private:
  using Lives = Eigen::Array<bool, Eigen::Dynamic, 1>;

  double first_loss_ = -1, power_ = 0;
  bool seen_ = false;
  Lives lives_;  // of the code's units: whether it gave anything but 0
};

}  // namespace ae::inline AE_ABI::detail
