// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/api.h"
#include "conversation/call_event.h"

#include <functional>
#include <memory>
#include <string>

namespace luthien::store {

/// Reads what is on record of a call that got no end. Thread: the writer's.
class CutCall
{
public:
    virtual ~CutCall() = default;
    /// The next event; they come in order and whole. What it says is its kind and its bytes.
    virtual void read(const conversation::WireEvent& event) = 0;
    /// Puts in what the events said: the answer's status, usage, cost, times, stop reason and text. Comes once, last;
    /// views are valid as long as this.
    virtual void describe(conversation::CallEnded& ended) = 0;
};

struct CutCallAsked
{
    conversation::Api api = conversation::Api::Other;
    bool stream = false;
    std::string model;
};

/// Thread: the writer's.
using ReadCutCall = std::function<std::unique_ptr<CutCall>(const CutCallAsked& asked)>;

} // namespace luthien::store
