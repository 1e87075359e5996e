// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/setting_texts.h"

#include "desktop/models/visible_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace luthien::desktop {

using runtime::ValueOrigin;

namespace {
constexpr const char* kContext = "luthien::desktop::SettingsModel";

struct Words
{
    std::string_view key;
    SettingGroup group;
    const char* title;
    const char* hint;
    const char* choices = ""; ///< parted by blanks
};

using enum SettingGroup;
constexpr std::array kWords = {
    Words{"listen", Proxy, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Address for agents"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Host and port; port 0 takes any free one.")},
    Words{"control", Proxy, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Control port"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Host and port of the API for programs, or off.")},
    Words{"workers", Proxy, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Worker threads"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "auto is one for each processor.")},
    Words{"clients.auth", Proxy, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Who may connect"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "token: agents show a token of this program."),
          "none token"},
    Words{"retry.attempts", Upstreams, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Attempts"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "How often a call is tried that got no answer.")},
    Words{"retry.base", Upstreams, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "First pause"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel",
                            "Before the second attempt, such as 500ms; each further one is longer.")},
    Words{"retry.cap", Upstreams, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Longest pause"), ""},
    Words{"breaker.failures", Upstreams, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Failures before a rest"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "In a row; then an upstream is given a rest.")},
    Words{"breaker.open_for", Upstreams, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Length of the rest"),
          ""},
    Words{"limits.header", Limits, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Headers of a request"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "At most so large; 32KiB, 1MiB.")},
    Words{"limits.request_body", Limits, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Body of a request"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "At most so large.")},
    Words{"limits.held_call", Limits, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Tool call that is held"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel",
                            "A larger one is refused, since it cannot be judged whole.")},
    Words{"limits.streams", Limits, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Streams at once"), ""},
    Words{"limits.connect", Limits, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Time to reach an upstream"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Such as 10s.")},
    Words{"limits.idle", Limits, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Silence of an upstream"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Longer, and the call is given up.")},
    Words{"limits.total", Limits, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Time for a whole call"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Or off.")},
    Words{"limits.approval", Limits, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Time for an answer"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "A tool call that nobody answers is denied then.")},
    Words{"limits.heartbeat", Limits, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Sign of life"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel",
                            "How often a client hears from us while something is held.")},
    Words{"limits.rate_per_client", Limits, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Calls of one client"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Per s, m or h, such as 60/m; or off.")},
    Words{"database", Store, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Database"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel",
                            "sqlite, or postgresql://user@host/database. A password stands in ~/.pgpass, never here. "
                            "What is recorded stays in the database it is in.")},
    Words{"store.journal_quota", Store, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Room of the journal"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel",
                            "What is recorded and not yet in the database takes at most so much.")},
    Words{"store.when_full", Store, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "When it is full"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel",
                            "stop: agents wait, for nothing passes that cannot be recorded."),
          "stop"},
    Words{"retention.bodies", Retention, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Texts are kept for"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel",
                            "Requests, replies, what policies looked at; such as 30d, or off for ever.")},
    Words{"retention.metadata", Retention,
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Everything else is kept for"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel",
                            "Sessions, calls and decisions; such as 180d, or off for ever.")},
    Words{"secrets", Secrets, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Where secrets are kept"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel",
                            "keychain: of your session. file: readable by you only, beside the configuration."),
          "keychain file off"},
    Words{"telemetry.otlp", Telemetry, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Collector for traces"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Address of an OTLP collector, or off.")},
    Words{"telemetry.logs", Telemetry, QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "Log"),
          QT_TRANSLATE_NOOP("luthien::desktop::SettingsModel", "The least that is written."),
          "debug info warning error"},
};

QString translated(const char* text)
{
    return *text == '\0' ? QString() : QCoreApplication::translate(kContext, text);
}
} // namespace

SettingText settingText(std::string_view key)
{
    const auto* const found = std::ranges::find(kWords, key, &Words::key);
    if (found == kWords.end())
        return {.title = QString::fromUtf8(key.data(), static_cast<qsizetype>(key.size()))};
    return {.group = found->group,
            .title = translated(found->title),
            .hint = translated(found->hint),
            .choices = QString::fromLatin1(found->choices).split(u' ', Qt::SkipEmptyParts)};
}

QString sourceText(const runtime::ValueSource& source)
{
    const QString place = visibleText(source.place);
    switch (source.origin) {
    case ValueOrigin::Default:
        return QCoreApplication::translate(kContext, "Default");
    case ValueOrigin::Stored:
        return QCoreApplication::translate(kContext, "Made here");
    case ValueOrigin::File:
        return place.isEmpty() ? QCoreApplication::translate(kContext, "Configuration file") : place;
    case ValueOrigin::Environment:
        return QCoreApplication::translate(kContext, "Environment: %1").arg(place);
    case ValueOrigin::CommandLine:
        return QCoreApplication::translate(kContext, "Command line: %1").arg(place);
    }
    return {};
}

} // namespace luthien::desktop
