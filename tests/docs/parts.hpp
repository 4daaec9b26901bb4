#include <ae/ae.hpp>

// What the page speaks of.
extern ae::StackedAutoencoder<> model;
extern const ae::Matrix<float> x;
