// Checkpoints: a training that is stopped, and goes on in another program, ends in the same bits as
// one that was never stopped.

#include <ae/autoencoder.hpp>
#include <ae/io/checkpoint.hpp>
#include <iostream>

int main() {
  const ae::Matrix<float> x = ae::Matrix<float>::Random(20, 3) * ae::Matrix<float>::Random(3, 500);
  const ae::FitOptions options{.epochs = 20, .batch_size = 50, .schedule = ae::cosine()};

  ae::StackedAutoencoder whole({20, 12, 3});
  whole.fit(x, options);

  // The same again, but a callback, which runs after every step, stops the fit in its eighth epoch.
  ae::StackedAutoencoder stopped({20, 12, 3});
  ae::FitOptions until_stop = options;
  until_stop.callbacks = {[](ae::Progress& at) { at.stop = at.step == 75; }};
  stopped.fit(x, until_stop);
  ae::save_checkpoint(stopped, "fit.safetensors");

  // As another program would go on: a new model, then the file, and a fit with `resume`.
  ae::StackedAutoencoder resumed({20, 12, 3});
  ae::load_checkpoint(resumed, "fit.safetensors");
  ae::FitOptions go_on = options;
  go_on.resume = true;
  const ae::History history = resumed.fit(x, go_on);

  const bool same = resumed.reconstruct(x) == whole.reconstruct(x);
  std::cout << "after " << history.size()
            << " epochs, stopped in between: " << (same ? "the same bits\n" : "another model\n");
  return same && stopped.reconstruct(x) != whole.reconstruct(x) ? 0 : 1;
}
