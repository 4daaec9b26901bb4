#include <ae/autoencoder.hpp>

// What the page speaks of.
extern const ae::StackedAutoencoder<> model;
extern const ae::Matrix<float> x, noisy;
