#pragma once

#include "ae/detail/core/abi.hpp"

#include <memory>
#include <optional>

#include "ae/detail/mpi/entry_parts.hpp"
#include "ae/detail/mpi/fingerprint.hpp"
#include "ae/detail/mpi/joint_scaler.hpp"
#include "ae/detail/mpi/joint_step.hpp"
#include "ae/detail/mpi/ordered_sum.hpp"
#include "ae/detail/mpi/traffic.hpp"
#include "ae/detail/training/state.hpp"

namespace ae::inline AE_ABI::detail::mpi {

/// How the processes of a fit work together; see `ae::mpi::Options`.
struct Manner {
  bool whole_data = true, rank_order = false, sharded_state = false, bfloat16 = false;
  Index bucket_bytes = 1 << 20;
  Index checkpoint_epochs = 1, checkpoint_steps = 0;  // 0: none
};

/// The processes of a communicator as a fit sees them.
template <class Scalar>
class Ranks final : public Peers<Scalar> {
 public:
  Ranks(const Communicator& processes, const Manner& manner)
      : processes_(processes), manner_(manner) {}

  /// True once they have begun to agree.
  bool begun() const { return begun_; }

  /// Of the steps so far.
  const Traffic& traffic() const { return traffic_; }

  Index rank() const override { return processes_.rank(); }
  Index ranks() const override { return processes_.size(); }
  bool has_whole_data() const override { return manner_.whole_data; }

  /// The numbers of all processes, a column each.
  Matrix<double> gather(const Vector<double>& mine) { return processes_.gather(mine); }

  std::vector<double> of_all(double mine) override {
    const Matrix<double> all = gather(Vector<double>::Constant(1, mine));
    return {all.data(), all.data() + all.size()};
  }

  void add_up(std::span<double> numbers) override {
    const Eigen::Map<Vector<double>> mine(numbers.data(), static_cast<Index>(numbers.size()));
    const Matrix<double> all = gather(mine);
    std::fill(numbers.begin(), numbers.end(), 0.0);
    for (Index rank = 0; rank < all.cols(); ++rank) {  // always in this order
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        numbers[i] += all(static_cast<Index>(i), rank);
      }
    }
  }

  bool together(FunctionRef<bool()> work) override { return processes_.together(work); }

  void agree_on(const FitJob<Scalar>& job) override {
    begun_ = true;
    together([] { return false; });  // where one has failed before it came here, all do
    const Facts mine = facts_of(job);
    std::string lines = joined(mine);
    processes_.broadcast(lines, 0);
    together([&] { return require_same(mine, lines), false; });
  }

  StepSums step(Trainer<Scalar>& trainer, typename Peers<Scalar>::LoadPart load, const double& rate,
                Index step_of_epoch, bool may_miss) override {
    if (!step_) step_.emplace(trainer, *this, may_miss);
    return step_->step(load, rate, step_of_epoch);
  }

  void require_same_weights(const TrainableNetwork<Scalar>& network) override {
    mpi::require_same_weights(network, *this);
  }

  void fit_scaler(Scaler<Scalar>& scaler, const SourceRef<Scalar>& data,
                  const FitOptions& options) override {
    fit_joint_scaler(scaler, data, options, *this);
  }

  // The parts of a step.

  /// Gradients of this layout come next. All processes need all of them where `everywhere`, and
  /// else those of `own()` only.
  void begin_step(PerParameter<Scalar>& gradients, bool everywhere) {
    if (!sum_) prepare(gradients);
    gradients_ = &gradients;
    sum_->begin(gradients.entries(), everywhere || !manner_.sharded_state);
  }

  /// What this process adds to the sums, or why it has nothing to add.
  void post(const StepSums& mine, const std::exception_ptr& failure) {
    failure_ = failure;
    mine_ << mine.loss, mine.penalty, mine.rate, failure ? 1 : 0;
    all_.resize(4, processes_.size());
    check(MPI_Iallgather(mine_.data(), 4, MPI_DOUBLE, all_.data(), 4, MPI_DOUBLE,
                         processes_.handle(), &sums_),
          "MPI_Iallgather");
  }

  /// This process has stored its gradients from entry `first` on; may be called any number of
  /// times.
  void stored_from(Index first) {
    const Stopwatch stopwatch(traffic_.seconds);
    sum_->stored_from(first);
  }

  /// Waits until the gradients are the sums over all processes.
  StepSums finish() {
    const Stopwatch stopwatch(traffic_.seconds);
    check(MPI_Wait(&sums_, MPI_STATUS_IGNORE), "MPI_Wait");
    sum_->finish();
    ++traffic_.steps;
    traffic_.bytes += sum_->bytes();
    if (all_.row(3).sum() > 0) processes_.agree(failure_, false);
    StepSums all{.rate = all_(2, 0)};
    for (Index rank = 0; rank < all_.cols(); ++rank) {  // always in this order
      all.loss += all_(0, rank);
      all.penalty += all_(1, rank);
    }
    return all;
  }

  /// The entries of the parameters that this process updates, once it has finished the step; and
  /// what makes them those of all processes.
  std::span<const Range> own() const { return own_; }

  void exchange(TrainableNetwork<Scalar>& network, TrainingState<Scalar>& state) {
    if (!manner_.sharded_state) return;
    const Stopwatch stopwatch(traffic_.seconds);
    state.whole = false;
    const double count = processes_.size(), width = sizeof(Scalar);
    traffic_.bytes += (count - 1) / count * width * static_cast<double>(buckets_->entries());
    for (const Range& part : own_) {
      for_each_piece(network, *gradients_, part, [](Scalar* gradient, Scalar* weight, Index size) {
        std::copy_n(weight, size, gradient);
      });
    }
    gather_parts(*buckets_, processes_, gradients_->entries());
    const Range all{0, buckets_->entries()};
    for_each_piece(network, *gradients_, all, [](Scalar* gradient, Scalar* weight, Index size) {
      std::copy_n(gradient, size, weight);
    });
  }

  void complete(TrainingState<Scalar>& state) override {
    if (forget_) forget_();
    if (state.whole) return;
    for (PerParameter<Scalar>* moment : {&state.first_moment, &state.second_moment}) {
      if (!moment->empty()) gather_parts(*buckets_, processes_, moment->entries());
    }
    state.whole = true;
  }

  bool is_due(const Progress& at) const override {
    return at.epoch_ended ||
           (manner_.checkpoint_steps > 0 && at.step % manner_.checkpoint_steps == 0);
  }

 private:
  void prepare(PerParameter<Scalar>& gradients) {
    const auto entries = static_cast<Index>(gradients.entries().size());
    constexpr auto width = static_cast<Index>(sizeof(Scalar));
    buckets_.emplace(entries, manner_.bucket_bytes / width, ranks());
    if (manner_.bfloat16 || manner_.rank_order || manner_.sharded_state) {
      others_.emplace(processes_.handle());
      make_ordered_sum();
    } else {
      sum_ = std::make_unique<AllReduce<Scalar>>(*buckets_, processes_);
    }
    if (!manner_.sharded_state) {
      own_.push_back({0, entries});
      return;
    }
    for (Index i = 0; i < buckets_->count(); ++i) own_.push_back(buckets_->part(i, rank()));
  }

  void make_ordered_sum() {
    if constexpr (std::is_same_v<Scalar, float>) {
      if (manner_.bfloat16) {
        auto sum =
            std::make_unique<OrderedSum<float, std::uint16_t>>(*buckets_, processes_, *others_);
        forget_ = [sum = sum.get()] { sum->forget(); };
        sum_ = std::move(sum);
        return;
      }
    }
    sum_ = std::make_unique<OrderedSum<Scalar, Scalar>>(*buckets_, processes_, *others_);
  }

  const Communicator& processes_;
  Manner manner_;
  Traffic traffic_;
  bool begun_ = false;
  std::optional<Buckets> buckets_;
  std::optional<Communicator> others_;
  std::unique_ptr<GradientSum<Scalar>> sum_;
  std::function<void()> forget_;
  std::optional<JointStep<Scalar>> step_;
  std::vector<Range> own_;
  PerParameter<Scalar>* gradients_ = nullptr;
  std::exception_ptr failure_;
  Eigen::Vector4d mine_;
  Matrix<double> all_;
  MPI_Request sums_ = MPI_REQUEST_NULL;
};

}  // namespace ae::inline AE_ABI::detail::mpi
