// What goes wrong on one process is said on all, with its rank, and ends none of them.

#include <stdexcept>

#include "ae/layers/batch_norm.hpp"
#include "support.hpp"

using namespace mpi_tests;
using ae::Index;
using ae::Matrix;

namespace {

using Model = ae::StackedAutoencoder<float>;
constexpr int bad = 1;  // the rank on which it happens

std::string by_rank() {
  return "rank 1 of " + std::to_string(ranks());
}

/// What differs is found before the first step, and the model is as it was.
template <class... Parts>
void differs(const std::string& text, const Matrix<float>& x, const ae::FitOptions& options,
             const ae::mpi::Options& how, const Parts&... parts) {
  Model model({6, 4, 2});
  check_throws<ae::OptionError>(text, [&] { ae::mpi::fit(model, x, options, how, parts...); });
  check(model.training().steps == 0, "a step was taken before: " + text);
  check(same_parameters(model, Model({6, 4, 2})), "other weights after: " + text);
}

void what_differs() {
  const Matrix<float> x = waves<float>(6, 40);
  const ae::FitOptions same{.epochs = 2, .batch_size = 8};
  ae::FitOptions other = same;
  const bool here = rank() == bad;
  if (here) other.batch_size = 10;
  differs(by_rank() + ": fit: expected batch_size 8 as on rank 0, found 10", x, other, {});
  other = same;
  if (here) other.seed = 4;
  differs("expected seed 0 as on rank 0, found 4", x, other, {});
  differs("expected samples 40 as on rank 0, found 39", x.leftCols(here ? 39 : 40), same, {});
  differs("expected parts that behave as", x, same, {}, ae::L2{here ? 1e-3 : 1e-4});
  differs("expected parts that behave as", x, same, {}, ae::Adam{.beta2 = here ? 0.99 : 0.999});
  differs(by_rank() + ": mpi: expected bucket_bytes", x, same,
          {.bucket_bytes = here ? Index{0} : Index{1024}});
  differs("rank 0 of " + std::to_string(ranks()) + ": fit: expected a learning_rate above 0", x,
          {.learning_rate = -1}, {});

  Model model(here ? std::vector<Index>{6, 3, 2} : std::vector<Index>{6, 4, 2});
  check_throws<ae::FileError>(by_rank() + ": the model of rank 0",
                              [&] { ae::mpi::fit(model, x, same, MPI_COMM_WORLD); });
}

/// Each process has a part of a batch, whose mean and variance are not those of the whole.
void batch_normalisation() {
  using Normalised = ae::BatchNormStack<float, ae::Elu, ae::Identity>;
  ae::StackedAutoencoder<float, Normalised> model({6, 4, 2});
  check_throws<ae::OptionError>(
      "fit: expected one process for layers with batch normalisation", [&] {
        ae::mpi::fit(model, waves<float>(6, 40), {.epochs = 2, .batch_size = 8}, MPI_COMM_WORLD);
      });
  check(model.training().steps == 0, "a step was taken with batch normalisation");
}

/// A value that is not finite on one process stops all, at the same step.
void divergence() {
  Matrix<float> x = waves<float>(6, 40);
  if (rank() == bad) x(3, 25) = std::numeric_limits<float>::quiet_NaN();  // in this one's part
  for (const bool sharded : {false, true}) {
    Model model({6, 4, 2});
    const ae::FitOptions options{.epochs = 2, .batch_size = 40, .order = ae::Order::sequential};
    try {
      ae::mpi::fit(model, x, options, {.sharded_state = sharded});
      // Sample 25 lies in the part of another rank where there are more than two.
      check(ranks() > 2, "no divergence");
    } catch (const ae::DivergenceError& error) {
      const std::string what = error.what();
      check(what.find(by_rank()) != what.npos && what.find("sample 25") != what.npos, what);
      check(error.epoch == 0 && error.step == 0, "another place", error.epoch, error.step);
    }
  }
  const Matrix<float> good = waves<float>(6, 40);
  Model model({6, 4, 2});
  check_throws<ae::DivergenceError>("diverged", [&] {
    ae::mpi::fit(model, good, {.epochs = 30, .batch_size = 8, .learning_rate = 1e30},
                 MPI_COMM_WORLD);
  });
  for (Index i = 0; i < model.layers(); ++i) {
    check(model.weight(i).allFinite(), "weights that are not finite");
  }
}

/// A source that cannot be read on one process from some step on.
class Broken {
 public:
  explicit Broken(const Matrix<float>& x) : x_(x) {}
  Index features() const { return x_.rows(); }
  Index samples() const { return x_.cols(); }
  void read(std::span<const Index> picks, ae::MatrixRef<float> x) const {
    if (rank() == bad && ++reads_ > 9) throw ae::FileError("the disk is gone");
    for (std::size_t i = 0; i < picks.size(); ++i) {
      x.col(static_cast<Index>(i)) = x_.col(picks[i]);
    }
  }

 private:
  const Matrix<float>& x_;
  mutable int reads_ = 0;
};

void sources_and_callbacks() {
  const Matrix<float> x = waves<float>(6, 40);
  Model model({6, 4, 2});
  check_throws<ae::FileError>(by_rank() + ": the disk is gone", [&] {
    ae::mpi::fit(model, Broken(x), {.epochs = 20, .batch_size = 8}, MPI_COMM_WORLD);
  });
  const Index steps = model.training().steps;
  const Matrix<double> all = ae::detail::mpi::Communicator(MPI_COMM_WORLD)
                                 .gather(ae::Vector<double>::Constant(1, double(steps)));
  check(all.minCoeff() == all.maxCoeff(), "some took more steps", all);

  Model other({6, 4, 2});
  const ae::FitOptions options{.epochs = 4, .batch_size = 8, .callbacks = {[](ae::Progress& at) {
                                                               check(rank() == 0,
                                                                     "a callback on another rank");
                                                               if (at.step == 6)
                                                                 throw std::runtime_error("enough");
                                                             }}};
  check_throws<ae::Error>("rank 0 of " + std::to_string(ranks()) + ": enough",
                          [&] { ae::mpi::fit(other, x, options, MPI_COMM_WORLD); });
  check(other.training().steps == 6, "stopped elsewhere", other.training().steps);

  const ae::FitOptions schedule{
      .schedule = [](const ae::Progress&) { return std::numeric_limits<double>::quiet_NaN(); }};
  Model third({6, 4, 2});
  check_throws<ae::OptionError>("expected a finite rate",
                                [&] { ae::mpi::fit(third, x, schedule, MPI_COMM_WORLD); });
}

/// Moments of which each has a part are no checkpoint.
void checkpoints() {
  const Matrix<float> x = waves<float>(6, 40);
  Model model({6, 4, 2});
  const ae::FitOptions options{.epochs = 4, .batch_size = 8, .callbacks = {[&](ae::Progress& at) {
                                                               if (at.step == 7)
                                                                 ae::checkpoint_bytes(model);
                                                             }}};
  check_throws<ae::OptionError>("checkpoint: expected moments that are whole",
                                [&] { ae::mpi::fit(model, x, options, {.sharded_state = true}); });
  Model rounded({6, 4, 2});
  ae::StackedAutoencoder<double> wide({6, 4, 2});
  check_throws<ae::OptionError>("for gradients in bfloat16, found double", [&] {
    ae::mpi::fit(wide, waves<double>(6, 40), {}, {.bfloat16 = true});
  });
}

void own_data() {
  Model model({6, 4, 2});
  const Matrix<float> x = waves<float>(6, 40);
  check_throws<ae::ShapeError>(by_rank() + ": fit: expected at least one sample", [&] {
    ae::mpi::fit(model, x.leftCols(rank() == bad ? 0 : 40), {.epochs = 1},
                 {.data = ae::mpi::Data::own});
  });
  check_throws<ae::OptionError>("found Scaling::robust", [&] {
    ae::mpi::fit(model, x, {.epochs = 1, .scaling = ae::Scaling::robust},
                 {.data = ae::mpi::Data::own});
  });
  check_throws<ae::OptionError>("expected a shuffled order", [&] {
    ae::mpi::fit(model, x, {.epochs = 1, .batch_size = 8, .order = ae::Order::sequential},
                 {.data = ae::mpi::Data::own});
  });
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Model model({6, 4, 2});
    ae::mpi::fit(model, waves<float>(6, 40), {}, MPI_COMM_WORLD);
    check(false, "expected an error before MPI_Init");
  } catch (const ae::OptionError& error) {
    if (std::string(error.what()).find("found it not initialised") == std::string::npos) return 2;
  }
  const ae::mpi::Session mpi(argc, argv);
  if (ranks() < 2) return 77;
  what_differs();
  batch_normalisation();
  divergence();
  sources_and_callbacks();
  checkpoints();
  own_data();
  int all = 0;
  MPI_Allreduce(&failures, &all, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
  if (rank() == 0) std::cout << ranks() << " ranks, " << all << " failures\n";
  return all > 0;
}
