#pragma once

#include "ae/detail/core/abi.hpp"

#include <optional>
#include <span>
#include <vector>

#include "ae/core/types.hpp"
#include "ae/data/scaler.hpp"
#include "ae/detail/core/function_ref.hpp"
#include "ae/detail/data/source_ref.hpp"
#include "ae/training/history.hpp"
#include "ae/training/options.hpp"

namespace ae::inline AE_ABI::detail {

template <class Scalar>
struct Batch;
template <class Scalar>
struct FitJob;
template <class Scalar>
struct TrainableNetwork;
template <class Scalar>
class Trainer;
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

  /// The numbers of all processes, in their order.
  virtual std::vector<double> of_all(double mine) = 0;

  /// Each number becomes the sum over all processes.
  virtual void add_up(std::span<double> numbers) = 0;

  /// Runs `work` on all processes; true if it was true on any.
  virtual bool together(FunctionRef<bool()> work) = 0;

  /// Reads this process's part of a batch; nothing where it has no sample of it.
  using LoadPart = FunctionRef<std::optional<Batch<Scalar>>()>;

  /// One step on the whole batch; returns its sums. `load` may set the rate, of which that of
  /// process 0 counts; `may_miss` is whether values may be missing. Throws on all processes what is
  /// thrown on one, before any parameter changes, and DivergenceError.
  virtual StepSums step(Trainer<Scalar>& trainer, LoadPart load, const double& rate,
                        Index step_of_epoch, bool may_miss) = 0;

  /// Throws Error unless the weights of all processes have the same bits.
  virtual void require_same_weights(const TrainableNetwork<Scalar>& network) = 0;

  /// Fits a scaler to the samples of all processes, where each has samples of its own.
  virtual void fit_scaler(Scaler<Scalar>& scaler, const SourceRef<Scalar>& data,
                          const FitOptions& options) = 0;

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
