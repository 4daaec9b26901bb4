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
  /// `units`: how many units the code has; 0 without a code.
  explicit FitWatch(Index units) : alive_(Flags::Constant(units, false)) {}

  /// To call after each step, with the loss before it and the targets, in the units of the
  /// network. Only the first call counts.
  void see_step(double loss, linalg::ConstView<Scalar> target) {
    if (first_loss_ >= 0) return;
    first_loss_ = loss;
    target_power_ = static_cast<double>(target.squaredNorm()) / static_cast<double>(target.size());
  }

  /// To call after each step of the last epoch, with the codes (code size x batch).
  void see_codes(linalg::ConstView<Scalar> codes) {
    codes_seen_ = true;
    for (Index j = 0; j < codes.cols(); ++j) alive_ = alive_ || codes.col(j).array() != Scalar{0};
  }

  /// Adds the codes that the other processes have seen.
  void merge_codes(Peers<Scalar>& peers) {
    std::vector<double> counts(alive_.data(), alive_.data() + alive_.size());
    counts.push_back(codes_seen_);
    peers.add_up(counts);
    for (Index i = 0; i < alive_.size(); ++i) alive_[i] = counts[static_cast<std::size_t>(i)] > 0;
    codes_seen_ = counts.back() > 0;
  }

  /// Warns if the last epoch's mean loss is far above both the first step's and the mean square of
  /// the targets, which is the squared error of a network that gives zeros. Warns also of units of
  /// the code that gave 0 for every sample of the last epoch.
  void report(double last_loss, const std::function<void(const std::string&)>& warn) const {
    if (!warn || first_loss_ < 0) return;  // no step: it was at its end
    if (last_loss > 10 * std::max(first_loss_, target_power_)) {
      warn(text("fit: expected a loss that falls, found ", first_loss_, " in the first step and ",
                last_loss, " in the last epoch (in the units of the network); a smaller ",
                "learning_rate may help"));
    }
    const Index dead = codes_seen_ ? alive_.size() - alive_.count() : 0;
    if (dead > 0) {
      warn(text("fit: expected units of the code that give more than 0, found ", dead, " of ",
                alive_.size(), " that gave 0 for every sample of the last epoch; another ",
                "activation of the code, a smaller learning_rate or a new start may help"));
    }
  }

 private:
  using Flags = Eigen::Array<bool, Eigen::Dynamic, 1>;

  double first_loss_ = -1;
  double target_power_ = 0;  // the mean square of the first step's targets
  bool codes_seen_ = false;
  Flags alive_;  // for each unit of the code: whether it gave anything but 0
};

}  // namespace ae::inline AE_ABI::detail
