// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/event_sink.h"

#include <string>
#include <string_view>

namespace luthien::store {

/// The journal's form of an event is head followed by its largest member, which the encoder does not copy.
/// The encoders replace what is in head.
std::string_view encode(const conversation::CallOpened& event, std::string& head);
std::string_view encode(const conversation::RequestRecorded& event, std::string& head);
std::string_view encode(const conversation::WireEvent& event, std::string& head);
std::string_view encode(const conversation::CallEnded& event, std::string& head);

/// The call of the event in record; nil = record is not one that encode() makes.
[[nodiscard]] CallId callOf(std::string_view record);
/// Hands the event in record to the fitting function of sink; its views point into record.
/// False = record is not one that encode() makes; sink has then not been called.
[[nodiscard]] bool decode(std::string_view record, conversation::EventSink& sink);

} // namespace luthien::store
