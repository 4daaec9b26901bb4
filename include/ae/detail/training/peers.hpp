#pragma once

#include "ae/detail/core/abi.hpp"

#include <exception>
#include <span>

#include "ae/core/types.hpp"
#include "ae/detail/core/function_ref.hpp"
#include "ae/training/history.hpp"

namespace ae::inline AE_ABI::detail {

template <class Scalar>
struct FitJob;
template <class Scalar>
class PerParameter;
template <class Scalar>
struct TrainableNetwork;
template <class Scalar>
struct TrainingState;

/// What the parts of a batch sum to, and the rate, which is that of process 0.
struct StepSums {
  double loss = 0, penalty = 0, rate = 0;
};

/// The part [first, first + size) of `count` that falls to process `rank` of `ranks`.
inline Range part_of(Index count, Index rank, Index ranks) {
  const Index first = count * rank / ranks;
  return {first, count * (rank + 1) / ranks - first};
}

/// Processes that train the same model together, each on its part of every batch, as a fit sees
/// them. All of them call the same functions in the same order, but for what is said otherwise;
/// what throws on one process throws on all, with the number of that process in its text.
template <class Scalar>
class Peers {
 public:
  virtual ~Peers() = default;

  virtual Index rank() const = 0;
  virtual Index ranks() const = 0;

  /// True if every process can read all samples; else each has samples of its own.
  virtual bool has_whole_data() const = 0;

  /// The numbers of all processes, a column each.
  virtual Matrix<double> gather(const Vector<double>& mine) = 0;

  /// Runs `work` on all processes; true if it was true on any.
  virtual bool together(FunctionRef<bool()> work) = 0;

  // A step.

  /// Gradients of this layout come next. All processes need all of them where `everywhere`, and
  /// else those of `own()` only.
  virtual void begin_step(PerParameter<Scalar>& gradients, bool everywhere) = 0;

  /// What this process adds to the sums, or why it has nothing to add.
  virtual void post(const StepSums& mine, const std::exception_ptr& failure) = 0;

  /// This process has stored its gradients from entry `first` on; may be called any number of
  /// times.
  virtual void stored_from(Index first) = 0;

  /// Waits until the gradients are the sums over all processes.
  virtual StepSums finish() = 0;

  /// The entries of the parameters that this process updates, once it has finished the step; and
  /// what makes them those of all processes.
  virtual std::span<const Range> own() const = 0;
  virtual void exchange(TrainableNetwork<Scalar>& network, TrainingState<Scalar>& state) = 0;

  /// Makes a state whole of which processes have stepped their parts; and whether that is due
  /// before the callbacks, which may write a checkpoint.
  virtual void complete(TrainingState<Scalar>& state) = 0;
  virtual bool is_due(const Progress& at) const = 0;

  /// Before anything else in a fit: throws unless all have the same model, options, parts and shape
  /// of samples.
  virtual void agree_on(const FitJob<Scalar>& job) = 0;
};

/// The part of a fit that has them.
template <class Scalar>
struct Together {
  Peers<Scalar>* peers;
};

/// The same without peers, too, where it is only run.
template <class Scalar>
bool together(Peers<Scalar>* peers, FunctionRef<bool()> work) {
  return peers != nullptr ? peers->together(work) : work();
}

}  // namespace ae::inline AE_ABI::detail
