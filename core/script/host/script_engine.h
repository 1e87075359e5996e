// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/script_runner.h"
#include "script/host/matcher.h"

#include <QJSEngine>
#include <QJSValue>

#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace luthien::script::host {

/// What a script threw, or what is wrong with it.
struct Thrown
{
    int line = 0; ///< of the script, from 1; 0 = not known
    std::string message;
    bool operator==(const Thrown&) const = default;
};

/// One engine with one script of a person. It has no limits of its own: see sandbox.h. Needs a QCoreApplication.
/// Thread: the one it was made on.
class ScriptEngine
{
public:
    ScriptEngine();
    ScriptEngine(const ScriptEngine&) = delete;
    ScriptEngine& operator=(const ScriptEngine&) = delete;
    ~ScriptEngine();

    /// Once.
    [[nodiscard]] std::variant<policy::ScriptOutline, Thrown> load(std::string_view source);
    /// What the function returned, as JSON. Every call begins with the script's first line: nothing is left of others.
    [[nodiscard]] std::variant<std::string, Thrown> run(policy::ScriptFunction function, std::string_view argument);

private:
    [[nodiscard]] std::variant<std::string, Thrown> textOf(const QJSValue& said) const;

    QJSEngine m_engine;
    Matcher m_matcher;
    QJSValue m_outline;
    QJSValue m_run;
    QJSValue m_factory;
};

} // namespace luthien::script::host
