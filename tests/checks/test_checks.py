#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each check finds what it is there to find, and nothing in a tree that is in order."""

import tempfile
import unittest
from pathlib import Path

import arrows
import coverage
import mirror
import plain_text
import sizes
import spdx
import suppressions
import translated

SPDX = "// SPDX-License-Identifier: Apache-2.0\n"
ARROWS = """core/base ->
core/conversation -> core/base
core/policy -> core/conversation
core/store -> core/policy
core/proxy -> core/policy
app/desktop -> core/store core/proxy
"""


class Checks(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.write("tests/checks/arrows.txt", ARROWS)
        self.write("tests/checks/mirror_exceptions.txt", "")
        self.write("core/conversation/api.h", SPDX)
        self.write("core/proxy/listener.h", SPDX)

    def write(self, path: str, text: str):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def found(self, check) -> str:
        return "\n".join(check.violations(self.root))

    def test_a_tree_in_order_passes(self):
        self.write("core/store/writer.cpp", SPDX + '#include "conversation/api.h"\n#include <QtSql/QSqlQuery>\n')
        self.write("tests/core/store/tst_writer.cpp", SPDX)
        self.write("qml/Live/Page.qml", SPDX + "import QtQuick\nText {\n    textFormat: Text.PlainText\n}\n")
        for check in (arrows, mirror, plain_text, sizes, spdx, suppressions, translated):
            self.assertEqual(self.found(check), "", check.__name__)

    def test_an_include_against_the_arrows_is_found(self):
        self.write("core/store/writer.cpp", '#include "proxy/listener.h"\n')
        self.assertIn("core/store may not include core/proxy/listener.h", self.found(arrows))

    def test_a_text_that_is_not_translated_is_found(self):
        said = ['text: "Jump"', 'text: root.on ? qsTr("Stop") : "go on"', 'Accessible.name: "Close"',
                'placeholderText: {\n        if (root.on)\n            return "words";\n    }', 'label: "as " + root.name',
                'readonly property string heading: "read"', 'tip: "Nothing was found"', 'tip: root.on ? "Stop" : ""']
        for line in said:
            self.write("qml/Live/Row.qml", SPDX + f"Item {{\n    {line}\n}}\n")
            self.assertIn("without qsTr", self.found(translated), line)
        passing = ['text: qsTr("Jump to %1").arg(root.name)', 'text: root.kind === "long word" ? "·" : "×"',
                   'text: qsTr("one", "of two", 2)', 'glyph: "arrow-down"', 'text: root.text // "the text"']
        for line in passing:
            self.write("qml/Live/Row.qml", SPDX + f"Item {{\n    {line}\n}}\n")
            self.assertEqual(self.found(translated), "", line)

    def test_a_link_against_the_arrows_is_found(self):
        self.write("core/proxy/CMakeLists.txt", "luthien_module(proxy LIBS Luthien::store Qt6::Gui)")
        self.assertIn("may not link Luthien::store", self.found(arrows))
        self.assertIn("may not link Qt6::Gui", self.found(arrows))

    def test_a_screen_header_below_the_desktop_is_found(self):
        self.write("core/proxy/worker.cpp", "#include <QtGui/QImage>\n")
        self.assertIn("only app/desktop may draw", self.found(arrows))

    def test_a_page_that_imports_another_page_is_found(self):
        self.write("qml/Live/Page.qml", "import Luthien.Policies\nimport Luthien.Theme\n")
        self.assertEqual(self.found(arrows), "qml/Live/Page.qml: Live may not import Luthien.Policies")

    def test_a_source_without_its_test_is_found(self):
        self.write("core/store/writer.cpp", "")
        self.assertIn("no tests/core/store/tst_writer.cpp", self.found(mirror))

    def test_an_exception_that_is_not_needed_is_found(self):
        self.write("core/store/writer.cpp", "")
        self.write("tests/core/store/tst_writer.cpp", "")
        self.write("tests/checks/mirror_exceptions.txt", "core/store/writer.cpp: reached otherwise\ncore/x.cpp: gone\n")
        self.assertIn("has a test now", self.found(mirror))
        self.assertIn("core/x.cpp: gone", self.found(mirror))

    def test_text_that_could_be_markup_is_found(self):
        cases = {
            "Text { text: root.title }": "Text without textFormat",
            "Item { Text { text: a; Item { textFormat: Text.PlainText } } }": "Text without textFormat",
            "Label {\n    textFormat: Text.StyledText\n}": "Label without textFormat",
            "Button { text: root.title }": "Qt's Button reads markup",
            "Item { ToolTip.text: root.title }": "attached ToolTip",
        }
        for text, expected in cases.items():
            self.write("qml/Live/Page.qml", text)
            self.assertIn(expected, self.found(plain_text), text)

    def test_a_file_that_is_too_long_is_found(self):
        self.write("qml/Live/Page.qml", "\n" * 251)
        self.assertIn("251 lines", self.found(sizes))

    def test_a_missing_licence_line_is_found(self):
        self.write("core/base/clock.cpp", "#pragma once\n" + SPDX)
        self.write("dev", "#!/usr/bin/env bash\n# SPDX-License-Identifier: Apache-2.0\n")
        self.assertEqual(self.found(spdx), "core/base/clock.cpp: the first line is not the SPDX line")

    def test_a_suppression_is_found(self):
        for text in ("int x; // NOLINT", 'QSKIP("later")', '#pragma GCC diagnostic ignored "-Wshadow"', "test.skip('x')"):
            self.write("core/base/clock.cpp", text)
            self.assertIn(text, self.found(suppressions))

    def test_coverage_may_only_rise(self):
        self.assertFalse(coverage.verdict(79.7, 80.0)[1])
        self.assertTrue(coverage.verdict(79.9, 80.0)[1])
        self.assertIn("write 80.6 into", coverage.verdict(80.6, 80.0)[0])


if __name__ == "__main__":
    unittest.main()
