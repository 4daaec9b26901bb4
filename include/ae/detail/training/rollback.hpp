#pragma once

#include "ae/detail/core/abi.hpp"

#include <optional>

#include "ae/detail/training/state.hpp"

namespace ae::inline AE_ABI::detail {

/// The latest state of a network and its training that is known to be sound, to go back to.
template <class Scalar>
class Rollback {
 public:
  bool empty() const { return !kept_; }

  void keep(const TrainableNetwork<Scalar>& network, const TrainingState<Scalar>& state) {
    if (kept_) {
      kept_->parameters.copy_from(network.parameters);
      kept_->state = state;
    } else {
      kept_.emplace(Kept{copy_parameters(network), state});
    }
    // Room for the history to grow, so that the next copies allocate nothing.
    kept_->state.fit.history.reserve(state.fit.history.capacity());
  }

  /// Does nothing if nothing was kept.
  void go_back(TrainableNetwork<Scalar>& network, TrainingState<Scalar>& state) const {
    if (!kept_) return;
    set_parameters(network, kept_->parameters);
    state = kept_->state;
  }

 private:
  struct Kept {
    PerParameter<Scalar> parameters;
    TrainingState<Scalar> state;
  };

  std::optional<Kept> kept_;
};

}  // namespace ae::inline AE_ABI::detail
