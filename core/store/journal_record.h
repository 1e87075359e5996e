// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/event_sink.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace luthien::store {

inline constexpr std::size_t kMaxDecisionText = 64 << 10;
inline constexpr std::size_t kMaxDecisionName = 1024;
inline constexpr std::size_t kMaxMatches = 1000;

/// The journal's form of an event is head followed by its largest member, which the encoder does not copy.
/// The encoders replace what is in head.
std::string_view encode(const conversation::CallOpened& event, std::string& head);
std::string_view encode(const conversation::RequestRecorded& event, std::string& head);
std::string_view encode(const conversation::WireEvent& event, std::string& head);
/// Reason and agent text are kept up to kMaxDecisionText, names up to kMaxDecisionName bytes, kMaxMatches matches.
std::string_view encode(const conversation::Decision& decision, std::string& head);
std::string_view encode(const conversation::CallEnded& event, std::string& head);

/// The call of the event in record; nil = record is not one that encode() makes.
[[nodiscard]] CallId callOf(std::string_view record);
/// Hands the event in record to the fitting function of sink; its views point into record.
/// False = record is not one that encode() makes; sink has then not been called.
[[nodiscard]] bool decode(std::string_view record, conversation::EventSink& sink);

} // namespace luthien::store
