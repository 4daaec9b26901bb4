#pragma once

#include "ae/detail/core/abi.hpp"

#include <chrono>
#include <memory>
#include <optional>

#include "ae/detail/mpi/fingerprint.hpp"
#include "ae/detail/mpi/joint_scaler.hpp"
#include "ae/detail/mpi/joint_step.hpp"
#include "ae/detail/mpi/ordered_sum.hpp"
#include "ae/detail/training/state.hpp"

namespace ae::inline AE_ABI::detail::mpi {

/// How the processes of a fit work together; see `ae::mpi::Options`.
struct Manner {
  bool whole_data = true, rank_order = false, sharded_state = false, bfloat16 = false;
  Index bucket_bytes = 1 << 20;
  Index checkpoint_epochs = 1, checkpoint_steps = 0;  // 0: none
};

/// What the steps of a fit send.
struct Traffic {
  Index steps = 0;
  double bytes = 0;    ///< that this process must send
  double seconds = 0;  ///< in MPI's functions: sending, waiting, adding up
};

/// Adds the time until the end of the scope to a sum, in seconds.
class Stopwatch {
 public:
  explicit Stopwatch(double& sum) : sum_(sum) {}
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;
  ~Stopwatch() { sum_ += std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  double& sum_;
  Clock::time_point start_ = Clock::now();
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
    gradients_ = gradients.entries();
    sum_->begin(gradients_, everywhere || !manner_.sharded_state);
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
    each_own(
        network,
        [](Scalar* entry, Scalar* parameter, Index size) { std::copy_n(parameter, size, entry); },
        own_);
    gather_parts(gradients_);
    const Range all{0, static_cast<Index>(gradients_.size())};
    each_own(
        network,
        [](Scalar* entry, Scalar* parameter, Index size) { std::copy_n(entry, size, parameter); },
        std::span(&all, 1));
  }

  void complete(TrainingState<Scalar>& state) override {
    if (forget_) forget_();
    if (state.whole) return;
    for (PerParameter<Scalar>* moment : {&state.first_moment, &state.second_moment}) {
      if (!moment->empty()) gather_parts(moment->entries());
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
    layout_ = &gradients;
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

  /// Makes of each process's parts the whole, everywhere.
  void gather_parts(std::span<Scalar> entries) {
    std::vector<MPI_Request> requests;
    std::vector<Counts> counts;
    counts.reserve(static_cast<std::size_t>(buckets_->count()));
    for (Index i = 0; i < buckets_->count(); ++i) {
      const Counts& parts = counts.emplace_back(*buckets_, i, ranks());
      check(
          MPI_Iallgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, entries.data() + (*buckets_)[i].first,
                          parts.sizes.data(), parts.places.data(), type_of<Scalar>(),
                          processes_.handle(), &requests.emplace_back(MPI_REQUEST_NULL)),
          "MPI_Iallgatherv");
    }
    check(MPI_Waitall(static_cast<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE),
          "MPI_Waitall");
  }

  /// Calls copy(entry, parameter, size) for pieces of columns of the parameters, and their places
  /// in the gradients.
  void each_own(TrainableNetwork<Scalar>& network, const auto& copy,
                std::span<const Range> ranges) {
    for_each_parameter(network, [&](Index layer, Index p, auto& parameter) {
      const Index begin = layout_->first(layer, p), rows = parameter.value.rows();
      const Index stride = padded<Scalar>(rows);
      for (const Range& range : ranges) {
        const Index first = std::max<Index>(range.first - begin, 0);
        const Index end =
            std::min(range.first + range.size - begin, stride * parameter.value.cols());
        for (Index j = first / stride; j * stride < end && first < end; ++j) {
          const Index row = std::max<Index>(first - j * stride, 0);
          const Index size = std::min(end - j * stride, rows) - row;
          if (size <= 0) continue;
          copy(gradients_.data() + begin + j * stride + row, &parameter.value(row, j), size);
        }
      }
    });
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
  PerParameter<Scalar>* layout_ = nullptr;
  std::span<Scalar> gradients_;
  std::exception_ptr failure_;
  Eigen::Vector4d mine_;
  Matrix<double> all_;
  MPI_Request sums_ = MPI_REQUEST_NULL;
};

}  // namespace ae::inline AE_ABI::detail::mpi
