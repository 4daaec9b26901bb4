#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/mpi/buckets.hpp"
#include "ae/detail/mpi/communicator.hpp"

namespace ae::inline AE_ABI::detail::mpi {

/// Sums the gradients of all processes, piece by piece, while backprop goes on. All processes start
/// the same pieces in the same order, as MPI asks of collective operations.
template <class Scalar>
class GradientSum {
 public:
  GradientSum(const Buckets& buckets, const Communicator& processes)
      : buckets_(buckets), processes_(processes) {}
  virtual ~GradientSum() = default;
  GradientSum(const GradientSum&) = delete;
  GradientSum& operator=(const GradientSum&) = delete;

  /// The gradients of a step, which become the sums. All processes need all of them where
  /// `everywhere`, else their parts only.
  void begin(std::span<Scalar> gradients, bool everywhere) {
    gradients_ = gradients;
    everywhere_ = everywhere;
    started_ = 0;
    reset();
  }

  /// They are there from entry `first` on: starts what can be started, and lets MPI go on with the
  /// rest, which most implementations do only inside of its functions.
  void stored_from(Index first) {
    while (started_ < buckets_.count() && buckets_[started_].first >= first) start(started_++);
    progress();
  }

  /// Waits for all.
  virtual void finish() = 0;

  /// Sent by this process in a step, in bytes, by the count of what its algorithm must send.
  virtual double bytes() const = 0;

 protected:
  virtual void reset() = 0;
  virtual void start(Index piece) = 0;
  virtual void progress() = 0;

  Scalar* at(Index entry) { return gradients_.data() + entry; }

  const Buckets& buckets_;
  const Communicator& processes_;
  std::span<Scalar> gradients_;
  bool everywhere_ = true;

 private:
  Index started_ = 0;
};

/// By MPI's own reduction, in the order that it finds best.
template <class Scalar>
class AllReduce final : public GradientSum<Scalar> {
  using Base = GradientSum<Scalar>;
  using Base::buckets_, Base::processes_;

 public:
  using Base::Base;

  void finish() override {
    check(MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE),
          "MPI_Waitall");
  }

  double bytes() const override {
    const double ranks = processes_.size();
    return 2 * (ranks - 1) / ranks * static_cast<double>(sizeof(Scalar)) *
           static_cast<double>(buckets_.entries());
  }

 private:
  void reset() override { requests_.clear(); }

  void start(Index piece) override {
    const Range range = buckets_[piece];
    check(MPI_Iallreduce(MPI_IN_PLACE, Base::at(range.first), static_cast<int>(range.size),
                         type_of<Scalar>(), MPI_SUM, processes_.handle(),
                         &requests_.emplace_back(MPI_REQUEST_NULL)),
          "MPI_Iallreduce");
  }

  void progress() override {
    int done = 0;
    check(MPI_Testall(static_cast<int>(requests_.size()), requests_.data(), &done,
                      MPI_STATUSES_IGNORE),
          "MPI_Testall");
  }

  std::vector<MPI_Request> requests_;
};

}  // namespace ae::inline AE_ABI::detail::mpi
