#include <ae/autoencoder.hpp>
#include <iostream>

// What the page speaks of.
extern ae::StackedAutoencoder<> model;
extern const ae::Matrix<float> normal, held_out, odd, x;
extern const ae::Matrix<double> series, later, newest;
extern const std::vector<double> times;
