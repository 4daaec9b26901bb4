#include "ae/training/callbacks.hpp"

#include <sstream>

#include "support/expect.hpp"

TEST_CASE("a bar shows what is done and left, and ends its line with the fit") {
  std::ostringstream out;
  ae::ProgressBar bar(out);
  bar({.step = 1, .steps = 4, .done = 0.25, .seconds = 2});
  CHECK(says(out.str(), "[#######   ", "] 25 %, 6 s left"));
  CHECK(out.str().size() == 79);  // 78 and the carriage return
  bar({.step = 2, .steps = 4, .done = 0.5, .seconds = 2.01});
  CHECK(out.str().find("50 %") == std::string::npos);  // too early to draw again
  const ae::History history{
      {.epoch = 0, .data_loss = 3, .penalty = 1, .learning_rate = 1e-3, .seconds = 4}};
  bar({.step = 4, .steps = 4, .done = 1, .seconds = 2.02, .history = history});
  CHECK(says(out.str(), "100 %, 0 s left, loss 4"));
  CHECK(out.str().back() == '\n');
}

TEST_CASE("a bar has 30 letters at most, 4 at least, and 48 fewer than the line between") {
  const auto letters = [](int width, double done) {
    std::ostringstream out;
    ae::ProgressBar(out, width)({.step = 1, .steps = 4, .done = done, .seconds = 2});
    return out.str().find(']') - out.str().find('[') - 1;
  };
  for (const double done : {0.25, 0.75}) {
    CHECK(letters(200, done) == 30);
    CHECK(letters(78, done) == 30);
    CHECK(letters(60, done) == 12);
    CHECK(letters(40, done) == 4);
  }
}

TEST_CASE("a history becomes a table, a line an epoch") {
  const TemporaryFolder folder;
  const ae::History history{
      {.epoch = 0, .data_loss = 3, .penalty = 1, .learning_rate = 0.5, .seconds = 4},
      {.epoch = 1,
       .data_loss = 2,
       .penalty = 1,
       .validation = 2.5,
       .learning_rate = 0.25,
       .seconds = 8}};
  const ae::CsvWriter writer(folder / "history.csv");
  writer({.history = history});
  CHECK(!std::filesystem::exists(folder / "history.csv"));
  writer({.history = history, .epoch_ended = true});
  CHECK(ae::read_file(folder / "history.csv") ==
        "epoch,data_loss,penalty,total,validation,rate,seconds\n"
        "0,3,1,4,,0.5,4\n"
        "1,2,1,3,2.5,0.25,8\n");
}

TEST_CASE("a bar fits a narrow terminal, and tells the validation's loss") {
  const ae::History history{{.epoch = 0,
                             .data_loss = 3,
                             .penalty = 1,
                             .validation = 2.5,
                             .learning_rate = 1e-3,
                             .seconds = 4}};
  for (const int width : {1, 20, 40, 78, 200}) {
    std::ostringstream out;
    ae::ProgressBar bar(out, width);
    bar({.step = 2, .steps = 4, .done = 0.5, .seconds = 1, .history = history});
    CHECK(out.str().size() == static_cast<std::size_t>(width) + 1);  // and the carriage return
  }
  std::ostringstream out;
  ae::ProgressBar(out, 78)({.step = 2, .steps = 4, .done = 0.5, .seconds = 1, .history = history});
  CHECK(says(out.str(), "loss 4, validation 2.5"));
}
