// Draws the loss of several runs of cifar_horse in one chart:
//     plot_history chart.svg tutorial/history.csv ... default/history.csv
// The column next_batch_loss is drawn in gray where a file has it, else data_loss in blue.

#include "common/application.hpp"
#include "common/chart.hpp"
#include "common/history_file.hpp"

int main(int argc, char** argv) {
  std::string chart;
  std::vector<std::string> histories;
  const auto add_options = [&](CLI::App& app) {
    app.add_option("CHART", chart, "the SVG file to write")->required();
    app.add_option("HISTORY", histories, "history.csv of a run of cifar_horse")->required();
  };
  return examples::run_program(
      argc, argv, {"plot_history", "Draws the loss of several runs of cifar_horse in one chart."},
      add_options, [&] {
        std::vector<examples::Series> series;
        for (const std::string& history : histories) {
          const examples::Losses losses = examples::read_losses(history);
          const char* colour = losses.of_next_batch ? "#999999" : "#1f5fa8";
          series.push_back({"", colour, losses.values});
        }
        examples::write_chart(chart, "Loss by epoch: --tutorial (gray) and default (blue)", series);
        return 0;
      });
}
