#include "ae/detail/data/scaler-inl.hpp"
#include "ae/detail/data/source-inl.hpp"
#include "ae/detail/layers/backprop-inl.hpp"
#include "ae/detail/layers/workspace-inl.hpp"
#include "ae/detail/training/fit-inl.hpp"
#include "ae/detail/training/options-inl.hpp"

namespace ae::inline AE_ABI {

template class Workspace<float>;
template class Workspace<double>;
template class Scaler<float>;
template class Scaler<double>;
template Scaler<float> Scaler<float>::of(const detail::SourceRef<float>&, Scaling, Missing);
template Scaler<float> Scaler<float>::of(const detail::SourceRef<double>&, Scaling, Missing);
template Scaler<double> Scaler<double>::of(const detail::SourceRef<double>&, Scaling, Missing);

namespace detail {

template Scaler<float> scaler_from(const FeatureStatistics&, Vector<double>, Vector<double>,
                                   Scaling, Missing);
template Scaler<double> scaler_from(const FeatureStatistics&, Vector<double>, Vector<double>,
                                    Scaling, Missing);
template void visit_chunks(const SourceRef<float>&, VisitChunk<float>);
template void visit_chunks(const SourceRef<double>&, VisitChunk<double>);

template void forward(const std::vector<LayerRef<float>>&, linalg::ConstView<float>,
                      Workspace<float>&, const linalg::EpilogueRef<float>&, LayerHooks<float>*);
template void forward(const std::vector<LayerRef<double>>&, linalg::ConstView<double>,
                      Workspace<double>&, const linalg::EpilogueRef<double>&, LayerHooks<double>*);
template void backward(const TrainableNetwork<float>&, linalg::ConstView<float>, Workspace<float>&,
                       GradientEpilogues<float>, LayerHooks<float>*);
template void backward(const TrainableNetwork<double>&, linalg::ConstView<double>,
                       Workspace<double>&, GradientEpilogues<double>, LayerHooks<double>*);
template void fit_scaler(Scaler<float>&, const SourceRef<float>&, const FitOptions&);
template void fit_scaler(Scaler<double>&, const SourceRef<double>&, const FitOptions&);
template History fit(const FitJob<float>&);
template History fit(const FitJob<double>&);

}  // namespace detail
}  // namespace ae::inline AE_ABI
