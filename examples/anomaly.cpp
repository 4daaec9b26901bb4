// Anomaly detection: what a model has learnt to give back is normal, and what it gives back badly
// is not.

#include <ae/autoencoder.hpp>
#include <ae/tools/anomaly.hpp>
#include <iostream>

int main() {
  // Normal samples: 10 numbers that hang together through 2 hidden ones. Anomalies: 10 numbers that
  // have nothing to do with each other.
  const ae::Matrix<float> mixing = ae::Matrix<float>::Random(10, 2);
  const ae::Matrix<float> train = mixing * ae::Matrix<float>::Random(2, 1000);
  const ae::Matrix<float> clean = mixing * ae::Matrix<float>::Random(2, 500);
  const ae::Matrix<float> test = mixing * ae::Matrix<float>::Random(2, 500);
  const ae::Matrix<float> odd = ae::Matrix<float>::Random(10, 500);

  ae::StackedAutoencoder model({10, 8, 2});
  model.fit(train,
            {.epochs = 100, .batch_size = 50, .learning_rate = 3e-3, .schedule = ae::cosine()});

  // The threshold is the score that 99 of 100 clean samples stay below. The samples for this must
  // not be those that the model has learnt from.
  const double threshold = ae::calibrate(model, clean, 0.99);
  const auto false_alarms = ae::anomalies(model, test).count();
  const auto found = ae::anomalies(model, odd).count();
  std::cout << "threshold " << threshold << ": " << found << " of 500 anomalies are found, and "
            << false_alarms << " of 500 normal samples are taken for some\n";
  return found > 450 && false_alarms < 25 ? 0 : 1;
}
