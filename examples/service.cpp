// A service: threads answer requests, each with a workspace of its own, while the model behind them
// is replaced by a newer one.

#include <ae/autoencoder.hpp>
#include <ae/io/model_file.hpp>
#include <ae/models/inference.hpp>
#include <atomic>
#include <iostream>
#include <memory>
#include <mutex>
#include <thread>

namespace {

using Model = ae::StackedAutoencoder<>;
using Serving = ae::Inference<>;

// The model that requests are answered with. A thread keeps what it was given as long as it needs
// it; the last one to let go of an old model frees it.
class Current {
 public:
  explicit Current(const std::filesystem::path& file) { load(file); }

  std::shared_ptr<const Serving> get() const {
    const std::scoped_lock lock(mutex_);
    return serving_;
  }

  // Reads and lays out the new model first, and only then replaces the old one: requests wait for
  // neither. If the file is broken it throws, and the old model goes on serving. One thread goes
  // through a sample, since others have requests of their own.
  void load(const std::filesystem::path& file) {
    auto next = std::make_shared<const Serving>(ae::load<Model>(file), 1);
    const std::scoped_lock lock(mutex_);
    serving_ = std::move(next);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Serving> serving_;
};

// Answers the same request over and over; counts the answers that are of neither model.
void serve(const Current& current, const ae::Vector<float>& x, const std::atomic<bool>& stopped,
           double old_score, double new_score, std::atomic<int>& wrong) {
  Serving::Workspace workspace;  // this thread's own: nothing is allocated once it has grown
  while (!stopped) {
    const auto model = current.get();
    const double score = model->score(x, workspace);
    if (score != old_score && score != new_score) ++wrong;
  }
}

}  // namespace

int main() {
  const ae::Matrix<float> x = ae::Matrix<float>::Random(20, 3) * ae::Matrix<float>::Random(3, 500);
  Model model({20, 12, 3});
  model.fit(x, {.epochs = 5, .batch_size = 50});
  ae::save(model, "old.safetensors");
  model.fit(x, {.epochs = 50, .batch_size = 50});
  ae::save(model, "new.safetensors");

  const auto score_of = [&](const char* file) {
    Serving::Workspace workspace;
    return Serving(ae::load<Model>(file), 1).score(x.col(0), workspace);
  };
  const double old_score = score_of("old.safetensors"), new_score = score_of("new.safetensors");

  Current current("old.safetensors");
  std::atomic<bool> stopped = false;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] { serve(current, x.col(0), stopped, old_score, new_score, wrong); });
  }
  for (int i = 0; i < 20; ++i) current.load(i % 2 == 0 ? "new.safetensors" : "old.safetensors");
  current.load("new.safetensors");
  stopped = true;
  for (std::thread& thread : threads) thread.join();

  Serving::Workspace workspace;
  const double score = current.get()->score(x.col(0), workspace);
  std::cout << "score by the old model: " << old_score << ", by the new one: " << score
            << "; wrong answers: " << wrong << '\n';
  return wrong == 0 && score == new_score ? 0 : 1;
}
