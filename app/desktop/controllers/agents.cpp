// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/agents.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QStandardPaths>

#include <array>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
/// %1 is the proxy's address, %2 the command luthiend.
struct Agent
{
    const char* name;
    const char* where;
    const char* snippet;
};

constexpr std::array kAgents = {
    Agent{"Claude Code", QT_TRANSLATE_NOOP("luthien::desktop::Agents", "In a terminal"),
          "ANTHROPIC_BASE_URL=%1 claude"},
    Agent{"Any agent, by one command",
          QT_TRANSLATE_NOOP("luthien::desktop::Agents", "In a terminal; sets everything for it"), "%2 run -- claude"},
    Agent{"Codex", QT_TRANSLATE_NOOP("luthien::desktop::Agents", "In ~/.codex/config.toml"),
          "model_provider = \"luthien\"\n\n"
          "[model_providers.luthien]\n"
          "name = \"Luthien\"\n"
          "base_url = \"%1/v1\"\n"
          "env_key = \"OPENAI_API_KEY\"\n"
          "wire_api = \"responses\""},
    Agent{"OpenCode", QT_TRANSLATE_NOOP("luthien::desktop::Agents", "In opencode.json of your project"),
          "{\n"
          "  \"provider\": {\n"
          "    \"anthropic\": { \"options\": { \"baseURL\": \"%1/v1\" } },\n"
          "    \"openai\": { \"options\": { \"baseURL\": \"%1/v1\" } }\n"
          "  }\n"
          "}"},
    Agent{"Gemini CLI", QT_TRANSLATE_NOOP("luthien::desktop::Agents", "In a terminal"),
          "GOOGLE_GEMINI_BASE_URL=%1 gemini"},
    Agent{"Anthropic SDKs", QT_TRANSLATE_NOOP("luthien::desktop::Agents", "In your program's environment"),
          "export ANTHROPIC_BASE_URL=%1"},
    Agent{"OpenAI SDKs", QT_TRANSLATE_NOOP("luthien::desktop::Agents", "In your program's environment"),
          "export OPENAI_BASE_URL=%1/v1"},
};

/// What a shell finds luthiend by: its name, or where it lies beside this program.
QString daemonCommand()
{
    const QString name = u"luthiend"_s;
    const QString beside = QCoreApplication::applicationDirPath() + u'/' + name;
    const bool isInPath = !QStandardPaths::findExecutable(name).isEmpty();
    return isInPath || beside.contains(u' ') || !QFileInfo(beside).isExecutable() ? name : beside;
}
} // namespace

void Agents::setAddress(const QString& address)
{
    m_address = address;
    Q_EMIT dataChanged(index(0), index(rowCount() - 1), {SnippetRole});
}

int Agents::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(kAgents.size());
}

QVariant Agents::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Agent& agent = kAgents.at(static_cast<std::size_t>(index.row()));
    switch (static_cast<Role>(role)) {
    case NameRole:
        return QString::fromUtf8(agent.name);
    case WhereRole:
        return tr(agent.where);
    case SnippetRole:
        return QString::fromUtf8(agent.snippet).replace("%1"_L1, m_address).replace("%2"_L1, daemonCommand());
    }
    return {};
}

QHash<int, QByteArray> Agents::roleNames() const
{
    return {{NameRole, "name"}, {WhereRole, "where"}, {SnippetRole, "snippet"}};
}

} // namespace luthien::desktop
