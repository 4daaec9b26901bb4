// What ae::mpi::fit promises, on as many processes as it is started with.

#include <ae/models/variational.hpp>

#include "support.hpp"

using namespace mpi_tests;
using ae::Index;
using ae::Matrix;

namespace {

template <class Scalar>
using Model = ae::StackedAutoencoder<Scalar>;

template <class Scalar>
Model<Scalar> model() {
  return Model<Scalar>({24, 12, 5}, 3);
}

constexpr Index many_steps = 200, few_steps = 40;

/// One process alone and all together, on the same batches of 60 of 300 samples.
template <class Scalar, class... Parts>
void agrees_with_one(const std::string& what, double tolerance, Index steps,
                     const ae::mpi::Options& how, const Parts&... parts) {
  const Matrix<Scalar> x = waves<Scalar>(24, 300);
  const ae::FitOptions options{.epochs = steps / 5,
                               .batch_size = 60,
                               .learning_rate = 1e-2,
                               .schedule = ae::cosine(),
                               .scaling = ae::Scaling::common,
                               .seed = 5};
  Model<Scalar> alone = model<Scalar>(), joint = model<Scalar>(), again = model<Scalar>();
  const ae::History expected = alone.fit(x, options, parts...);
  const ae::History found = ae::mpi::fit(joint, x, options, how, parts...);
  const double difference = largest_difference(found, expected);
  check(difference <= tolerance, what + ": losses differ by", difference);
  check(expected.back().data_loss < expected.front().data_loss, what + ": nothing is learnt");
  ae::mpi::fit(again, x, options, how, parts...);
  check(same_parameters(joint, again), what + ": other bits the second time");
}

void trajectories() {
  const ae::mpi::Options plain{}, ordered{.rank_order = true}, sharded{.sharded_state = true},
      small{.bucket_bytes = 512}, small_ordered{.rank_order = true, .bucket_bytes = 512},
      small_sharded{.sharded_state = true, .bucket_bytes = 512};
  agrees_with_one<double>("double", 1e-12, many_steps, plain);
  agrees_with_one<double>("double, in order", 1e-12, few_steps, ordered, ae::L2{1e-3});
  agrees_with_one<double>("double, sharded", 1e-12, few_steps, sharded, ae::AdamW{});
  agrees_with_one<float>("float", 1e-5, many_steps, plain, ae::L2{1e-4});
  agrees_with_one<float>("float, small pieces", 1e-5, few_steps, small, ae::L2{1e-4});
  agrees_with_one<float>("float, in order", 1e-5, few_steps, small_ordered, ae::L2{1e-4});
  agrees_with_one<float>("float, sharded", 1e-5, many_steps, small_sharded, ae::L2{1e-4});
}

/// In float after 200 steps the last bits have grown; of what is random, first steps tell.
void parts() {
  const ae::mpi::Options plain{}, sharded{.sharded_state = true, .bucket_bytes = 512};
  agrees_with_one<double>("tied", 1e-10, few_steps, plain, ae::TiedWeights{});
  agrees_with_one<double>("tied, sharded", 1e-10, few_steps, sharded, ae::TiedWeights{});
  agrees_with_one<double>("clipped", 1e-10, few_steps, sharded, ae::ClipGradients{.norm = 0.01});
  agrees_with_one<double>("noise", 1e-10, few_steps, plain, ae::GaussianNoise{0.1});
  agrees_with_one<double>("dropout and sparse codes", 1e-10, few_steps, plain, ae::Dropout{0.1},
                          ae::SparseL1{1e-4});
  agrees_with_one<double>("contractive", 1e-10, few_steps, plain, ae::Contractive{1e-4});
}

void rounded() {
  const Matrix<float> x = waves<float>(24, 300);
  const ae::FitOptions options{.epochs = 16, .batch_size = 60, .seed = 5};
  for (const bool sharded : {false, true}) {
    Model<float> full = model<float>(), rounded = model<float>();
    const auto expected = ae::mpi::fit(full, x, options, MPI_COMM_WORLD);
    const auto found =
        ae::mpi::fit(rounded, x, options, {.sharded_state = sharded, .bfloat16 = true});
    const double ratio = found.back().data_loss / expected.back().data_loss;
    check(ratio < 1.05 && ratio > 0.95, "in bfloat16 the loss is otherwise", ratio);
  }
}

/// Shards of other sizes: the mean over all samples, not over the ranks.
void own_data() {
  const Index mine = 20 + 13 * rank();
  Index all = 0, before = 0;
  for (int r = 0; r < ranks(); ++r) {
    before += r < rank() ? 20 + 13 * r : 0;
    all += 20 + 13 * r;
  }
  const Matrix<double> x = waves<double>(24, all);
  // One batch an epoch: all samples, in any order.
  const ae::FitOptions options{.epochs = 60, .batch_size = all, .seed = 5};
  Model<double> alone = model<double>(), joint = model<double>();
  const auto expected = alone.fit(x, options);
  const auto found =
      ae::mpi::fit(joint, x.middleCols(before, mine), options, {.data = ae::mpi::Data::own});
  check(largest_difference(found, expected) < 1e-11, "uneven shards",
        largest_difference(found, expected));
  // A scaler of all samples, too.
  for (const auto scaling : {ae::Scaling::common, ae::Scaling::standard, ae::Scaling::min_max}) {
    Model<double> one = model<double>(), many = model<double>();
    const ae::FitOptions scaled{.epochs = 3, .batch_size = all, .scaling = scaling};
    one.fit(x, scaled);
    ae::mpi::fit(many, x.middleCols(before, mine), scaled, {.data = ae::mpi::Data::own});
    check(one.scaler().center().isApprox(many.scaler().center(), 1e-12) &&
              one.scaler().divisors().isApprox(many.scaler().divisors(), 1e-12),
          "a scaler of all samples");
  }
  // Smaller batches: as many steps everywhere, even where a rank has fewer samples than steps.
  Model<double> steps = model<double>();
  Index last = 0;
  const ae::FitOptions small{.epochs = 2,
                             .batch_size = 1,
                             .callbacks = {[&](const ae::Progress& at) { last = at.steps; }}};
  ae::mpi::fit(steps, x.middleCols(before, mine), small, {.data = ae::mpi::Data::own});
  if (rank() == 0) check(last == 2 * all, "steps", last, all);
}

void validation() {
  const Matrix<double> x = waves<double>(24, 203);
  const ae::FitOptions options{
      .epochs = 12, .batch_size = 50, .ema_decay = 0.9, .validation_split = 0.2, .patience = 3};
  Model<double> alone = model<double>(), joint = model<double>();
  const auto expected = alone.fit(x, options);
  const auto found = ae::mpi::fit(joint, x, options, MPI_COMM_WORLD);
  check(found.size() == expected.size() &&
            std::abs(found.back().validation / expected.back().validation - 1) < 1e-10,
        "validation", found.back().validation, expected.back().validation);
}

void missing_values() {
  Matrix<double> x = waves<double>(24, 100);
  for (Index j = 0; j < 100; j += 3) x.col(j).head(j % 20).setConstant(NAN);
  Model<double> alone = model<double>(), joint = model<double>();
  ae::Scaler<double> scaler;
  scaler.set_missing(ae::Missing::allowed);
  alone.set_scaler(scaler);
  joint.set_scaler(scaler);
  const ae::FitOptions options{.epochs = 20, .batch_size = 33};
  const auto expected = alone.fit(x, options);
  const auto found = ae::mpi::fit(joint, x, options, MPI_COMM_WORLD);
  check(largest_difference(found, expected) < 1e-10, "missing values",
        largest_difference(found, expected));
}

void variational() {
  const Matrix<double> x = waves<double>(24, 100);
  ae::VariationalAutoencoder<double> alone({24, 12, 3}, {}, 2), joint({24, 12, 3}, {}, 2);
  const ae::FitOptions options{.epochs = 20, .batch_size = 30, .scaling = ae::Scaling::common};
  const auto expected = alone.fit(x, options);
  const auto found = ae::mpi::fit(joint, x, options, MPI_COMM_WORLD);
  check(largest_difference(found, expected) < 1e-9, "variational",
        largest_difference(found, expected));
}

/// A model of rank 0 is where all begin.
void broadcast() {
  const Matrix<double> x = waves<double>(24, 60);
  Model<double> mine({24, 12, 5}, static_cast<std::uint64_t>(rank())), first({24, 12, 5}, 0);
  ae::mpi::fit(mine, x, {.epochs = 2, .batch_size = 20}, MPI_COMM_WORLD);
  ae::mpi::fit(first, x, {.epochs = 2, .batch_size = 20}, MPI_COMM_WORLD);
  check(same_parameters(mine, first), "a model that was not rank 0's");
}

/// Stopped by a callback in the middle of an epoch on rank 0, all go on in the same bits.
void stop_and_resume() {
  const Matrix<float> x = waves<float>(24, 200);
  for (const bool sharded : {false, true}) {
    const ae::mpi::Options how{.rank_order = true, .sharded_state = sharded};
    ae::FitOptions options{.epochs = 6, .batch_size = 32};
    Model<float> whole = model<float>(), cut = model<float>();
    ae::mpi::fit(whole, x, options, how);
    options.callbacks = {[](ae::Progress& at) { at.stop = at.step == 17; }};
    const auto history = ae::mpi::fit(cut, x, options, how);
    check(history.size() == 2, "stopped elsewhere", history.size());
    options.callbacks.clear();
    options.resume = true;
    Model<float> later = model<float>();
    if (rank() == 0) ae::restore_checkpoint(later, ae::checkpoint_bytes(cut), "cut");
    const auto rest = ae::mpi::fit(later, x, options, how);
    check(rest.size() == 6, "reports of all epochs", rest.size());
    check(same_parameters(later, whole), "other bits after a stop");
  }
}

}  // namespace

int main(int argc, char** argv) {
  const ae::mpi::Session mpi(argc, argv);
  trajectories();
  parts();
  rounded();
  own_data();
  validation();
  missing_values();
  variational();
  broadcast();
  stop_and_resume();
  int all = 0;
  MPI_Allreduce(&failures, &all, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
  if (rank() == 0) std::cout << ranks() << " ranks, " << all << " failures\n";
  return all > 0;
}
