// SPDX-License-Identifier: Apache-2.0
#include "script/host/script_engine.h"

#include "script/host/prelude.h"

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace luthien::script::host {

namespace {

QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// The script as a function body. It begins on the first line, so that lines count as its author counts them.
QString factoryOf(std::string_view source)
{
    QString program = QStringLiteral("(function (luthien) { 'use strict'; ") + toQString(source);
    program += QStringLiteral("\n;return {");
    for (const std::string_view name : policy::kScriptFunctionNames)
        program += QStringLiteral("%1: typeof %1 === 'function' ? %1 : undefined,").arg(toQString(name));
    return program + QStringLiteral("};})");
}

/// What is missing at the end is found behind it, in what we add.
int linesIn(std::string_view source)
{
    return static_cast<int>(std::ranges::count(source, '\n')) + 1;
}

QJSValue namesIn(QJSEngine& engine)
{
    QJSValue names = engine.newArray(policy::kScriptFunctionNames.size());
    for (quint32 i = 0; i < policy::kScriptFunctionNames.size(); ++i)
        names.setProperty(i, toQString(policy::kScriptFunctionNames.at(i)));
    return names;
}

} // namespace

ScriptEngine::ScriptEngine()
    : m_matcher(m_engine)
{
    QJSEngine::setObjectOwnership(&m_matcher, QJSEngine::CppOwnership);
    const QJSValue prelude = m_engine.evaluate(QString::fromUtf8(kPrelude), QStringLiteral("prelude"));
    assert(prelude.isCallable() && "the prelude is ours");
    const QJSValue parts = prelude.call({m_engine.globalObject(), m_engine.newQObject(&m_matcher), namesIn(m_engine)});
    m_outline = parts.property(QStringLiteral("outline"));
    m_run = parts.property(QStringLiteral("run"));
    assert(m_outline.isCallable() && m_run.isCallable() && "the prelude is ours");
}

ScriptEngine::~ScriptEngine() = default;

std::variant<std::string, Thrown> ScriptEngine::textOf(const QJSValue& said) const
{
    if (said.isString())
        return said.toString().toStdString();
    // An error here came from the prelude's own last resort, such as no stack being left.
    const QString message = said.isError() ? said.toString() : said.property(QStringLiteral("message")).toString();
    return Thrown{said.isError() ? 0 : said.property(QStringLiteral("line")).toInt(), message.toStdString()};
}

std::variant<policy::ScriptOutline, Thrown> ScriptEngine::load(std::string_view source)
{
    m_factory = m_engine.evaluate(factoryOf(source), QStringLiteral("script"));
    if (m_factory.isError())
        return Thrown{std::min(m_factory.property(QStringLiteral("lineNumber")).toInt(), linesIn(source)),
                      m_factory.toString().toStdString()};
    const auto said = textOf(m_factory.isCallable() ? m_outline.call({m_factory}) : QJSValue());
    if (const auto* thrown = std::get_if<Thrown>(&said))
        return *thrown;
    const auto& flags = std::get<std::string>(said);
    policy::ScriptOutline outline;
    for (std::size_t i = 0; i < outline.defines.size() && i < flags.size(); ++i)
        outline.defines.at(i) = flags[i] == '1';
    return outline;
}

std::variant<std::string, Thrown> ScriptEngine::run(policy::ScriptFunction function, std::string_view argument)
{
    return textOf(m_run.call({m_factory, toQString(policy::scriptFunctionName(function)), toQString(argument)}));
}

} // namespace luthien::script::host
