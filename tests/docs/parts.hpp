#include <ae/autoencoder.hpp>

// What the page speaks of.
extern ae::StackedAutoencoder<> model;
extern const ae::Matrix<float> x, weight;
extern const ae::Vector<float> bias;
