"""The override of development: built here, with a bind mount, and reloading."""

import unittest

from engine import Project, eventually


class Development(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.project = Project("development")
        cls.addClassCleanup(cls.project.end)
        cls.project.render("dockerfile", "--dev")
        cls.project.render("compose")
        cls.project.render("compose", "--dev")
        cls.project.files += ["-f", "docker-compose.override.yml"]
        cls.project.up("--build")

    def test_one_process_serves_and_a_change_of_the_source_is_seen(self):
        self.assertEqual(self.project.get("/greeting"), "hello")
        main = self.project.folder / "src/orders/main.py"
        main.write_text(main.read_text().replace('"hello"', '"good day"'))
        answer = eventually(lambda answer: answer == "good day", lambda: self.project.get("/greeting"))
        self.assertEqual(answer, "good day")

    def test_the_image_of_production_keeps_its_tag(self):
        self.assertNotEqual(self.project.container("orders")["Config"]["Image"], "orders:1.0.0")

    def test_development_is_hardened_as_far_as_it_can_be(self):
        seen = self.project.get("/self")
        self.assertNotEqual(seen["uid"], 0)
        self.assertEqual(set(seen["capabilities"]), {"0"})
        self.assertEqual(seen["no_new_privileges"], "1")
