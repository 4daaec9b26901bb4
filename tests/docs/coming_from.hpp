#include <ae/ae.hpp>
#ifdef _OPENMP
#include <omp.h>
#else
void omp_set_num_threads(int);
#endif

// What the page speaks of.
extern ae::StackedAutoencoder<> model;
extern const ae::Matrix<float> x, weight;
extern const ae::Detector detector;
extern ae::StackedAutoencoder<double> other;
extern const ae::Matrix<double> rows;
extern const ae::Vector<double> low, high;
