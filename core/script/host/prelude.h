// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace luthien::script::host {

/// JavaScript that runs once in a fresh engine, before any script of a person: it takes away what would be silently
/// wrong or could keep something from one call to the next, gives scripts the object luthien, and freezes everything
/// that is there. An expression whose value is a function of (global object, matcher, names of the functions we call);
/// that gives {outline(factory), run(factory, name, json)}.
extern const char* const kPrelude;

} // namespace luthien::script::host
