// What an autoencoder learns, to look at: horses laid out by codes of two numbers, what the decoder
// makes of places between them, and the filters of a first layer.

#include <ae/autoencoder.hpp>
#include <ae/models/pca.hpp>
#include <array>
#include <iostream>
#include <numeric>

#include "common/horses.hpp"
#include "common/picture.hpp"
#include "common/stop.hpp"

namespace {

using ae::Index;
using Pictures = ae::Matrix<float>;

using Map = ae::StackedAutoencoder<float, ae::Stack<float, ae::Elu, ae::Tanh>>;
using Filters = ae::StackedAutoencoder<float, ae::Stack<float, ae::Relu>>;

struct Settings : examples::CommonSettings {
  Index grid = 18;
};

struct Result {
  double map_mse, pca_mse, filter_mse;
  Index placed, used_units;
  double seconds;
};

void add_options(CLI::App& app, Settings& settings) {
  app.add_option("--grid", settings.grid, "places in a row and in a column of the map")
      ->check(examples::from_to(2, 100))
      ->capture_default_str();
  examples::add_resume(app, settings);
}

/// Trains on the horses and their mirror images; returns the seconds that it took, 0 for a network
/// that was trained before a stop.
double train(examples::Networks& networks, const std::string& name, auto& model,
             const ae::Pictures& horses, const Settings& settings, const auto&... parts) {
  model.set_scaler(ae::Scaler<float>::fit(horses));
  const ae::History history = networks.train(name, model, [&](bool resume, const auto& callbacks) {
    return model.fit(horses,
                     {.epochs = settings.epochs,
                      .batch_size = 100,
                      .learning_rate = 2e-3,
                      .schedule = ae::cosine(0.05),
                      .seed = settings.seed,
                      .resume = resume,
                      .callbacks = callbacks},
                     ae::RandomFlipAndShift{}, parts...);
  });
  return history.empty() ? 0 : history.back().seconds;
}

/// The codes along one axis in rising order: a code's place is its rank, so that the map is filled
/// where codes are crowded, too.
class Axis {
 public:
  explicit Axis(const auto& codes) : sorted_(codes.begin(), codes.end()) {
    std::sort(sorted_.begin(), sorted_.end());
  }

  /// From 0 to 1.
  double place(float code) const {
    const auto below = std::lower_bound(sorted_.begin(), sorted_.end(), code) - sorted_.begin();
    return (static_cast<double>(below) + 0.5) / static_cast<double>(sorted_.size());
  }
  float code(double place) const {
    return sorted_[static_cast<std::size_t>(place * static_cast<double>(sorted_.size()))];
  }

 private:
  std::vector<float> sorted_;
};

struct Layout {
  Pictures horses;   ///< of every cell, row by row; white where there is none
  Pictures decoded;  ///< what the decoder makes of the cells' middles
  Index placed = 0;
};

/// Every cell shows the horse that is nearest to its middle.
Layout lay_out(const Map& map, const Pictures& horses, Index grid) {
  const ae::Matrix<float> codes = map.encode(horses);
  const std::array axes = {Axis(codes.row(0)), Axis(codes.row(1))};
  const auto cells = static_cast<double>(grid);
  Layout layout{.horses = Pictures::Constant(horses.rows(), grid * grid, 255), .decoded = {}};
  Eigen::ArrayXd nearest = Eigen::ArrayXd::Constant(grid * grid, 1);
  for (Index i = 0; i < horses.cols(); ++i) {
    const double x = axes[0].place(codes(0, i)) * cells, y = axes[1].place(codes(1, i)) * cells;
    const Index cell = static_cast<Index>(y) * grid + static_cast<Index>(x);
    const double distance = std::hypot(x - std::floor(x) - 0.5, y - std::floor(y) - 0.5);
    if (distance >= nearest[cell]) continue;
    layout.placed += nearest[cell] == 1;
    nearest[cell] = distance;
    layout.horses.col(cell) = horses.col(i);
  }
  ae::Matrix<float> middles(2, grid * grid);
  for (Index cell = 0; cell < grid * grid; ++cell) {
    const Index column = cell % grid, row = cell / grid;
    middles(0, cell) = axes[0].code((static_cast<double>(column) + 0.5) / cells);
    middles(1, cell) = axes[1].code((static_cast<double>(row) + 0.5) / cells);
  }
  layout.decoded = map.decode(middles);
  return layout;
}

void make_map(Result& result, const examples::Horses& data, const Settings& settings,
              examples::Networks& networks) {
  Map map({ae::Pictures::pixels, 256, 64, 2}, settings.seed);
  result.seconds += train(networks, "map", map, data.train, settings, ae::AdamW{.decay = 0.02});
  result.map_mse = map.evaluate(data.test);
  result.pca_mse = ae::Pca<>::fit(data.train, 2).evaluate(data.test);
  const Layout layout = lay_out(map, data.test.matrix(), settings.grid);
  const examples::Sheet sheet{.columns = settings.grid, .zoom = 1, .gap = 0};
  examples::write_sheet(settings.out / "map.png", layout.horses, sheet);
  examples::write_sheet(settings.out / "decoded.png", layout.decoded, sheet);
  result.placed = layout.placed;
}

/// Weights (units x pixels) as pictures, 0 at mid gray and the largest at black or white, those
/// first that put the most into reconstructions.
Pictures filter_pictures(const Filters& model, const Pictures& horses, Index& used) {
  const ae::Matrix<float> weight = model.weight(0);
  const Eigen::ArrayXf share =
      model.encode(horses).rowwise().mean().array() * weight.rowwise().norm().array();
  used = (share > share.maxCoeff() / 100).count();
  std::vector<Index> order(static_cast<std::size_t>(share.size()));
  std::iota(order.begin(), order.end(), Index{0});
  std::sort(order.begin(), order.end(), [&](Index a, Index b) { return share[a] > share[b]; });
  Pictures pictures(weight.cols(), std::min<Index>(60, weight.rows()));
  for (Index i = 0; i < pictures.cols(); ++i) {
    const auto unit = weight.row(order[static_cast<std::size_t>(i)]);
    pictures.col(i) = (127.5f + 127.5f / unit.cwiseAbs().maxCoeff() * unit.array()).transpose();
  }
  return pictures;
}

/// A denoising, sparse network with tied weights, whose filters look like parts of horses.
void make_filters(Result& result, const examples::Horses& data, const Settings& settings,
                  examples::Networks& networks) {
  Filters model({ae::Pictures::pixels, 100}, settings.seed, ae::LeCunNormal{});
  result.seconds +=
      train(networks, "filters", model, data.train, settings, ae::AdamW{.decay = 0.05},
            ae::GaussianNoise{50}, ae::SparseL1{6}, ae::TiedWeights{});
  result.filter_mse = model.evaluate(data.test);
  const Pictures pictures = filter_pictures(model, data.test.matrix(), result.used_units);
  examples::write_sheet(settings.out / "filters.png", pictures, {.columns = 10, .zoom = 2});
}

void summarise(const Result& result, examples::Json& summary) {
  summary["map_test_mse"] = result.map_mse;
  summary["pca_test_mse"] = result.pca_mse;
  summary["placed"] = result.placed;
  summary["filter_test_mse"] = result.filter_mse;
  summary["used_units"] = result.used_units;
  summary["train_seconds"] = result.seconds;
}

int run(const examples::Horses& data, const Settings& settings, examples::Json& summary) {
  Result result{};
  examples::Networks networks(settings.out, {"map", "filters"}, settings.resume);
  std::cout << "the network of the map learns\n";
  make_map(result, data, settings, networks);
  std::cout << "codes of 2 numbers: mean squared error a pixel of the test horses "
            << result.map_mse << " (PCA, 2 components: " << result.pca_mse << "); " << result.placed
            << " of them are on the map\nthe network of the filters learns\n";
  make_filters(result, data, settings, networks);
  std::cout << result.used_units << " of 100 filters are used; mean squared error "
            << result.filter_mse << '\n';
  summarise(result, summary);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings{{.out = "out/codes", .epochs = 60}};
  return examples::run_on_horses(
      argc, argv,
      {"codes", "Shows codes and filters that autoencoders learn from the horses of CIFAR-10."},
      settings, [&](CLI::App& app) { add_options(app, settings); },
      [&](const auto& horses, auto& summary) { return run(horses, settings, summary); });
}
