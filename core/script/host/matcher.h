// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/glob.h"

#include <QHash>
#include <QJSEngine>
#include <QObject>
#include <QString>

namespace luthien::script::host {

/// Patterns for scripts: RE2, whose time is linear in the text, where the engine's own RegExp gives up after some steps
/// and says "no match". Positions are those of JavaScript, in UTF-16 units. What a method cannot do it throws into the
/// script. Thread: the engine's.
class Matcher : public QObject
{
    Q_OBJECT

public:
    static constexpr int kMaxPatterns = 256;
    static constexpr int kMaxMatches = 10'000;

    explicit Matcher(QJSEngine& engine);

    Q_INVOKABLE bool test(const QString& pattern, const QString& text);
    Q_INVOKABLE bool glob(const QString& pattern, const QString& text);
    /// Null, or {text, start, end, groups}; a group that took no part is null.
    Q_INVOKABLE QJSValue match(const QString& pattern, const QString& text);
    /// A list of what match() gives, without overlaps, kMaxMatches at most; more is an error.
    Q_INVOKABLE QJSValue matchAll(const QString& pattern, const QString& text);
    /// Every match replaced; \1 to \9 in by are groups.
    Q_INVOKABLE QString replace(const QString& pattern, const QString& text, const QString& by);

private:
    enum class Kind : bool { Expression, Glob };
    [[nodiscard]] policy::Pattern compiled(const QString& pattern, Kind kind);
    [[nodiscard]] bool found(const QString& pattern, const QString& text, Kind kind);
    [[nodiscard]] QJSValue matchesIn(const policy::Pattern& pattern, const QString& text, int most);
    void fail(const QString& message);

    QJSEngine& m_engine;
    QHash<QString, policy::Pattern> m_patterns;
    QHash<QString, policy::Pattern> m_globs;
};

} // namespace luthien::script::host
